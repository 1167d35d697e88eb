use async_trait::async_trait;
use domain::Uuid;
use domain::orders::OrderScope;
use domain::payments::{PaymentId, PaymentKey};

use super::ask::Asked;
use super::find::find_payment;
use crate::audit_trail::audit;
use crate::order_payments::{change, lock_payments, save};
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Writes down that a payment is given up, for its provider to do it.
#[derive(Debug, Clone)]
pub struct VoidPayment {
    /// The payment, of which no money was taken.
    pub id: PaymentId,
    /// The orders that the caller may see.
    pub scope: OrderScope,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for VoidPayment {
    type Output = Asked;
    const NAME: &'static str = "payments.void";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Asked, Error> {
        let found = find_payment(tx, &PaymentKey::Payment(self.id), self.scope).await?;
        let before = lock_payments(tx, found.order_id).await?;
        let by_admin = ctx.actor.is_some();
        let (updated, voided) = change(ctx, &before, |update| update.void(self.id, by_admin, Some(self.holder)));
        let operation = voided.map_err(Conflict::NotVoidable)?;
        save(tx, ctx, &updated).await?;
        let asked = operation.and_then(|id| updated.payments.operations.iter().find(|one| one.id == id));
        if !updated.changes.is_empty() {
            audit(tx, ctx, Self::NAME, None, asked).await?;
        }
        Asked::of(tx, &updated.payments, (self.id, None), operation, self.holder).await
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{OperationKind, PaymentStatus, VoidRefused};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{customer, id, run, run_as};

    fn void() -> VoidPayment {
        VoidPayment { id: payment_id(), scope: OrderScope::Of(customer()), holder: id(HOLDER) }
    }

    #[tokio::test]
    async fn a_customer_gives_up_what_is_not_held_yet_r86() {
        let tx = |status| {
            saving(payments(vec![payment(status)]), |changes| changes.operations.added[0].kind == OperationKind::Void)
        };
        let asked = run(&void(), &mut tx(PaymentStatus::RequiresAction)).await.unwrap();
        assert!(asked.claimed.is_some());
        let refused = run(&void(), &mut locking(payments(vec![payment(PaymentStatus::Authorised)]))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NotVoidable(VoidRefused::Authorised))));
        let mut tx = tx(PaymentStatus::Authorised);
        tx.audit.expect_append().once().withf(|entry| entry.resource == "payment_operation").returning(|_| Ok(()));
        assert!(run_as(&void(), &mut tx, &admin()).await.unwrap().claimed.is_some());
    }

    #[tokio::test]
    async fn a_payment_that_is_given_up_already_needs_nothing_r86() {
        let asked = run(&void(), &mut locking(payments(vec![payment(PaymentStatus::Voided)]))).await.unwrap();
        assert_eq!((asked.is_new, asked.claimed), (false, None));
    }
}
