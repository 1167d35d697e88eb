use async_trait::async_trait;
use domain::Version;
use domain::orders::OrderScope;
use domain::payments::{Payment, PaymentKey, Settled, Snapshot};

use super::find::find_payment;
use crate::order_payments::{change, lock_payments, save};
use crate::{Command, Ctx, Error, Tx};

/// Takes over what a provider says of a payment now.
#[derive(Debug, Clone)]
pub struct SettlePayment {
    /// The payment that the provider speaks of.
    pub key: PaymentKey,
    /// What the provider says.
    pub said: Snapshot,
    /// The version of the payment before the provider was asked; `None` if it was not known.
    pub asked_at: Option<Version>,
}

/// A payment, and what became of what its provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledPayment {
    /// The payment, as it stands now.
    pub payment: Payment,
    /// Whether it was taken over.
    pub settled: Settled,
}

#[async_trait]
impl Command for SettlePayment {
    type Output = SettledPayment;
    const NAME: &'static str = "payments.settle";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<SettledPayment, Error> {
        let found = find_payment(tx, &self.key, OrderScope::All).await?;
        let before = lock_payments(tx, found.order_id).await?;
        let id = found.payment_id;
        // No payment has version 0.
        let asked_at = self.asked_at.unwrap_or(Version(0));
        let (updated, settled) = change(ctx, &before, |update| update.settle(id, &self.said, asked_at));
        if let Settled::Refused(finding) = settled {
            tracing::warn!(payment = %id, finding = finding.as_str(), "what the provider says does not add up");
        }
        save(tx, ctx, &updated).await?;
        let payment = updated.payments.payment(id).cloned().ok_or(Error::NotFound("payment"))?;
        Ok(SettledPayment { payment, settled })
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{Finding, PaymentChanges, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::run;

    fn settle(said: Snapshot) -> SettlePayment {
        SettlePayment { key: PaymentKey::Payment(payment_id()), said, asked_at: Some(Version::FIRST) }
    }

    #[tokio::test]
    async fn a_new_snapshot_is_applied_once_r89() {
        let before = || payments(vec![payment(PaymentStatus::Processing)]);
        let takes = |changes: &PaymentChanges| changes.transfers.len() == 1 && changes.balance.is_some();
        let settled = run(&settle(says(PaymentStatus::Captured)), &mut saving(before(), takes)).await.unwrap();
        assert_eq!((settled.settled, settled.payment.captured), (Settled::Applied, TOTAL));
        let paid = payments(vec![settled.payment]);
        let again = run(&settle(says(PaymentStatus::Captured)), &mut locking(paid)).await.unwrap();
        assert_eq!(again.settled, Settled::Applied);
    }

    #[tokio::test]
    async fn a_snapshot_of_another_order_is_a_finding_and_not_applied_r89() {
        let other = Snapshot { order_id: None, ..says(PaymentStatus::Captured) };
        let notes = |changes: &PaymentChanges| {
            let payment = &changes.payments.changed[0];
            payment.finding == Some(Finding::PaymentOfAnotherOrder) && payment.captured == 0
        };
        let before = payments(vec![payment(PaymentStatus::Processing)]);
        let settled = run(&settle(other), &mut saving(before, notes)).await.unwrap();
        assert_eq!(settled.settled, Settled::Refused(Finding::PaymentOfAnotherOrder));
    }
}
