use async_trait::async_trait;
use domain::Uuid;
use domain::orders::OrderId;
use domain::payments::{
    Approach, Claim, DueOperation, NextStep, OperationId, OperationResult, OperationStatus, Payment, PaymentProviders,
};

use super::ask::{Claimed, capabilities};
use crate::order_payments::{change, lock_payments, save};
use crate::{Command, Ctx, Error, Tx};

/// Gives an operation to this server, if it is its turn. The output is `None` if not, or if nothing is left to do.
#[derive(Clone)]
pub struct ClaimOperation {
    /// The operation with its payment and order, as the list of due ones has it.
    pub due: DueOperation,
    /// The providers that the shop uses, by their names.
    pub providers: PaymentProviders,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for ClaimOperation {
    type Output = Option<Claimed>;
    const NAME: &'static str = "payments.claim_operation";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<Claimed>, Error> {
        let DueOperation { id, payment_id, order_id } = self.due;
        let before = lock_payments(tx, order_id).await?;
        let can = before.payment(payment_id).and_then(|payment| capabilities(&self.providers, payment));
        let Some(can) = can else {
            tracing::warn!(operation = %id, payment = %payment_id, "the provider of an operation is not configured");
            return Ok(None);
        };
        let (updated, (claim, approach)) = change(ctx, &before, |update| {
            let claim = update.claim(id, self.holder);
            (claim, update.approach(id, can.key_lifetime))
        });
        save(tx, ctx, &updated).await?;
        match claim {
            Claim::Ready => Claimed::of(tx, &updated.payments, id, self.holder, approach).await,
            Claim::Finished | Claim::Busy => Ok(None),
        }
    }
}

/// Takes over what a provider said about an operation.
#[derive(Debug, Clone)]
pub struct AnswerOperation {
    /// The order, whose balance is locked.
    pub order_id: OrderId,
    /// The operation that the provider was asked for.
    pub id: OperationId,
    /// What the provider said.
    pub result: OperationResult,
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What this server does next.
    pub step: NextStep,
    /// The payment, as it stands now.
    pub payment: Payment,
    /// Whether it is done, refused, still to be done, or unknown.
    pub status: OperationStatus,
    /// The operation with its new key, if it is called again.
    pub again: Option<Claimed>,
}

#[async_trait]
impl Command for AnswerOperation {
    type Output = Answered;
    const NAME: &'static str = "payments.answer_operation";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Answered, Error> {
        let before = lock_payments(tx, self.order_id).await?;
        let (updated, step) = change(ctx, &before, |update| update.answer(self.id, &self.result));
        save(tx, ctx, &updated).await?;
        let after = &updated.payments;
        let found = after.operations.iter().find(|operation| operation.id == self.id);
        let operation = found.ok_or(Error::NotFound("operation"))?;
        let (status, payment) = (operation.status, after.payment(operation.payment_id).cloned());
        let payment = payment.ok_or(Error::NotFound("payment"))?;
        if status == OperationStatus::Unknown {
            tracing::warn!(operation = %self.id, payment = %payment.id, "nobody can tell what became of an operation");
        }
        let again = match step {
            NextStep::Call => Claimed::of(tx, after, self.id, self.result.holder, Approach::Call).await?,
            _ => None,
        };
        Ok(Answered { step, payment, status, again })
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{OperationKind, OrderPayments, PaymentChanges, PaymentOperation, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{id, order, run};

    fn claim(providers: PaymentProviders) -> ClaimOperation {
        let id_ = operation(OperationKind::Void).id;
        let due = DueOperation { id: id_, payment_id: payment_id(), order_id: order().id };
        ClaimOperation { due, providers, holder: id(HOLDER) }
    }

    fn due() -> OrderPayments {
        let operation = PaymentOperation { lease: None, attempts: 0, ..operation(OperationKind::Void) };
        let all = payments(vec![payment(PaymentStatus::RequiresAction)]);
        OrderPayments { operations: vec![operation], ..all }
    }

    #[tokio::test]
    async fn the_lease_is_committed_before_the_provider_is_asked_r90() {
        let takes = |changes: &PaymentChanges| {
            let operation = &changes.operations.changed[0];
            operation.attempts == 1 && operation.lease.is_some_and(|lease| lease.holder == id(HOLDER))
        };
        let claimed = run(&claim(providers(provider())), &mut saving(due(), takes)).await.unwrap().unwrap();
        assert_eq!((claimed.approach, claimed.begins), (Approach::Call, None));
    }

    #[tokio::test]
    async fn an_operation_of_a_provider_that_is_not_configured_waits_r90() {
        assert_eq!(run(&claim(PaymentProviders::default()), &mut locking(due())).await.unwrap(), None);
    }
}
