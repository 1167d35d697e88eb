use async_trait::async_trait;
use domain::Date;
use domain::orders::OrderScope;
use domain::payments::{Payment, PaymentId, PaymentKey, Receipt, Reference};

use super::find::find_payment;
use crate::audit_trail::audit;
use crate::order_payments::{change, lock_payments, save};
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Takes over money that the staff have found in the shop's account or till. The same reference counts once.
#[derive(Debug, Clone)]
pub struct ReceivePayment {
    /// The payment that the money is for.
    pub id: PaymentId,
    /// How much, in minor units, above 0.
    pub amount: i64,
    /// What names the money.
    pub reference: Reference,
    /// The day on which it came.
    pub received_on: Date,
}

#[async_trait]
impl Command for ReceivePayment {
    type Output = Payment;
    const NAME: &'static str = "payments.receive";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Payment, Error> {
        let found = find_payment(tx, &PaymentKey::Payment(self.id), OrderScope::All).await?;
        let before = lock_payments(tx, found.order_id).await?;
        let payment = before.payment(self.id).ok_or(Error::NotFound("payment"))?;
        let receipt = Receipt {
            provider: payment.provider.clone(),
            reference: self.reference.clone(),
            payment_id: self.id,
            amount: self.amount,
            received_on: self.received_on,
            recorded_at: ctx.now,
        };
        let (updated, received) = change(ctx, &before, |update| update.receive(self.id, self.amount));
        received.map_err(Conflict::NotReceivable)?;
        tx.payments().add_receipt(&receipt).await?;
        save(tx, ctx, &updated).await?;
        let after = updated.payments.payment(self.id);
        audit(tx, ctx, Self::NAME, Some(payment), after).await?;
        after.cloned().ok_or(Error::NotFound("payment"))
    }
}

#[cfg(test)]
mod tests {
    use domain::StoreError;
    use domain::payments::{OrderPayments, PaymentKind, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{NOW, run_as};

    fn receive() -> ReceivePayment {
        ReceivePayment { id: payment_id(), amount: 50, reference: reference(), received_on: NOW.date() }
    }

    fn by_transfer() -> OrderPayments {
        payments(vec![Payment { kind: PaymentKind::BankTransfer, ..payment(PaymentStatus::Processing) }])
    }

    #[tokio::test]
    async fn money_that_people_found_is_recorded_with_its_reference_r93_r191() {
        let mut tx = saving(by_transfer(), |changes| changes.payments.changed[0].captured == 50);
        let records = |receipt: &Receipt| receipt.amount == 50 && receipt.reference == reference();
        tx.payments.expect_add_receipt().once().withf(records).returning(|_| Ok(()));
        tx.audit.expect_append().once().returning(|_| Ok(()));
        let payment = run_as(&receive(), &mut tx, &admin()).await.unwrap();
        assert_eq!((payment.status, payment.captured), (PaymentStatus::Processing, 50));
    }

    #[tokio::test]
    async fn the_same_line_of_a_bank_statement_counts_once_r93() {
        let mut tx = locking(by_transfer());
        tx.payments.expect_add_receipt().once().returning(|_| Err(StoreError::Duplicate(Receipt::REFERENCE)));
        let refused = run_as(&receive(), &mut tx, &admin()).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::Duplicate(key)) if key == Receipt::REFERENCE));
    }
}
