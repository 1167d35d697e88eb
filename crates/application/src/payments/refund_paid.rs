use async_trait::async_trait;
use domain::orders::OrderScope;
use domain::payments::{PaymentKey, ReceiveRefused, Reference, Refund, RefundId};

use super::find::find_payment;
use crate::audit_trail::audit;
use crate::order_payments::{change, lock_payments, save};
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Records that the staff have given money back by hand.
#[derive(Debug, Clone)]
pub struct RefundPaid {
    /// The refund that was paid.
    pub id: RefundId,
    /// What names the money.
    pub reference: Reference,
}

#[async_trait]
impl Command for RefundPaid {
    type Output = Refund;
    const NAME: &'static str = "refunds.paid";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Refund, Error> {
        let found = find_payment(tx, &PaymentKey::Refund(self.id), OrderScope::All).await?;
        let before = lock_payments(tx, found.order_id).await?;
        let (updated, paid) = change(ctx, &before, |update| update.refund_paid(self.id, self.reference.clone()));
        paid.map_err(|refused| match refused {
            ReceiveRefused::ReferenceTaken => Conflict::Duplicate(Refund::UNIQUE_REFERENCE),
            refused => Conflict::NotReceivable(refused),
        })?;
        save(tx, ctx, &updated).await?;
        let after = updated.payments.refund(self.id);
        audit(tx, ctx, Self::NAME, before.refund(self.id), after).await?;
        after.cloned().ok_or(Error::NotFound("refund"))
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{
        OrderPayments, Payment, PaymentKind, PaymentStatus, RefundOrigin, RefundReason, RefundStatus,
    };
    use domain::{Currency, Version};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{NOW, id, order, run_as};

    fn owed(kind: PaymentKind) -> OrderPayments {
        let refund = Refund {
            id: RefundId(id(0x4E)),
            order_id: order().id,
            payment_id: payment_id(),
            amount: 80,
            currency: Currency::default(),
            reason: RefundReason::parse("broken").unwrap(),
            note: None,
            status: RefundStatus::Pending,
            origin: RefundOrigin::Shop,
            reference: None,
            requested_by: None,
            created_at: NOW,
            finished_at: None,
            version: Version::FIRST,
        };
        let payment = Payment { kind, refund_pending: 80, ..payment(PaymentStatus::Captured) };
        OrderPayments { refunds: vec![refund], ..payments(vec![payment]) }
    }

    fn paid() -> RefundPaid {
        RefundPaid { id: RefundId(id(0x4E)), reference: reference() }
    }

    #[tokio::test]
    async fn money_that_went_back_by_hand_is_recorded_r93_r191() {
        let records = |changes: &domain::payments::PaymentChanges| changes.payments.changed[0].refunded == 80;
        let mut tx = saving(owed(PaymentKind::BankTransfer), records);
        tx.audit.expect_append().once().returning(|_| Ok(()));
        assert_eq!(run_as(&paid(), &mut tx, &admin()).await.unwrap().status, RefundStatus::Succeeded);
    }

    #[tokio::test]
    async fn a_refund_by_a_provider_is_not_recorded_by_hand_r93() {
        let refused = run_as(&paid(), &mut locking(owed(PaymentKind::Test)), &admin()).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NotReceivable(ReceiveRefused::Online))));
    }
}
