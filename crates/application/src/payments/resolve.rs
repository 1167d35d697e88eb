use async_trait::async_trait;
use domain::orders::OrderScope;
use domain::payments::{OperationId, Payment, PaymentKey, Refund, Resolution, ResolveRefused};
use domain::{Code, Invalid};

use super::find::find_payment;
use crate::audit_trail::audit;
use crate::order_payments::{change, lock_payments, save};
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Records what the staff have found out about an operation that nobody could tell anything about.
#[derive(Debug, Clone)]
pub struct ResolveOperation {
    /// The operation whose outcome was found out.
    pub id: OperationId,
    /// What was found out.
    pub resolution: Resolution,
}

#[async_trait]
impl Command for ResolveOperation {
    type Output = Payment;
    const NAME: &'static str = "payments.resolve_operation";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Payment, Error> {
        let found = find_payment(tx, &PaymentKey::Operation(self.id), OrderScope::All).await?;
        let before = lock_payments(tx, found.order_id).await?;
        let (updated, resolved) = change(ctx, &before, |update| update.resolve(self.id, &self.resolution));
        resolved.map_err(|refused| match refused {
            ResolveRefused::Known(status) => Conflict::OperationKnown(status).into(),
            ResolveRefused::ReferenceMissing => {
                let message = "is required: it is how the provider calls the payment";
                Error::field("reference", Invalid::new(Code::Required, message))
            }
            ResolveRefused::PaymentReferenceTaken => Conflict::Duplicate(Payment::UNIQUE_REFERENCE).into(),
            ResolveRefused::RefundReferenceTaken => Conflict::Duplicate(Refund::UNIQUE_REFERENCE).into(),
        })?;
        save(tx, ctx, &updated).await?;
        let operation = |payments: &domain::payments::OrderPayments| {
            payments.operations.iter().find(|operation| operation.id == self.id).cloned()
        };
        let (before, after) = (operation(&before), operation(&updated.payments));
        audit(tx, ctx, Self::NAME, before.as_ref(), after.as_ref()).await?;
        updated.payments.payment(found.payment_id).cloned().ok_or(Error::NotFound("payment"))
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{OperationKind, OperationStatus, OrderPayments, PaymentOperation, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::run_as;

    fn unknown(kind: OperationKind) -> OrderPayments {
        let operation = PaymentOperation { status: OperationStatus::Unknown, lease: None, ..operation(kind) };
        let all = payments(vec![domain::payments::Payment { reference: None, ..payment(PaymentStatus::Pending) }]);
        OrderPayments { operations: vec![operation], ..all }
    }

    fn resolve(resolution: Resolution) -> ResolveOperation {
        ResolveOperation { id: operation(OperationKind::Begin).id, resolution }
    }

    #[tokio::test]
    async fn an_administrator_says_what_became_of_an_operation_r90_r191() {
        let fails = |changes: &domain::payments::PaymentChanges| {
            changes.operations.changed[0].status == OperationStatus::Refused
                && changes.payments.changed[0].status == PaymentStatus::Failed
        };
        let mut tx = saving(unknown(OperationKind::Begin), fails);
        tx.audit.expect_append().once().withf(|entry| entry.resource == "payment_operation").returning(|_| Ok(()));
        let payment = run_as(&resolve(Resolution::NotDone), &mut tx, &admin()).await.unwrap();
        assert_eq!(payment.status, PaymentStatus::Failed);
    }

    #[tokio::test]
    async fn a_begun_payment_needs_the_reference_of_its_provider_r90() {
        let done = resolve(Resolution::Done(None));
        let refused = run_as(&done, &mut locking(unknown(OperationKind::Begin)), &admin()).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(fields) if fields[0].field == "reference"));
    }
}
