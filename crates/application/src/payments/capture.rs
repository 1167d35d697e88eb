use async_trait::async_trait;
use domain::orders::OrderScope;
use domain::payments::{CaptureRefused, PaymentId, PaymentKey, PaymentProviders};
use domain::{Money, Uuid, Version};

use super::ask::{Asked, capabilities};
use super::find::find_payment;
use crate::audit_trail::audit;
use crate::order_payments::{change, lock_payments, save};
use crate::{AmountRefused, Command, Conflict, Ctx, Error, Tx, expect_version};

/// Writes down that money that is held is taken, for its provider to do it.
#[derive(Clone)]
pub struct CapturePayment {
    /// The payment whose money is held.
    pub id: PaymentId,
    /// How much, in minor units; `None` for the smaller of what is held and what is due.
    pub amount: Option<i64>,
    /// The version of the payment that the caller expects; `None` for any.
    pub expected: Option<Version>,
    /// The providers that the shop uses, by their names.
    pub providers: PaymentProviders,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for CapturePayment {
    type Output = Asked;
    const NAME: &'static str = "payments.capture";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Asked, Error> {
        let found = find_payment(tx, &PaymentKey::Payment(self.id), OrderScope::All).await?;
        let before = lock_payments(tx, found.order_id).await?;
        let payment = before.payment(self.id).ok_or(Error::NotFound("payment"))?;
        expect_version(self.expected, payment.version)?;
        let currency = payment.currency;
        let nothing = Conflict::NotCapturable { refused: CaptureRefused::Nothing, currency };
        let can = capabilities(&self.providers, payment).ok_or(nothing)?;
        let capture = |update: &mut domain::payments::PaymentsUpdate<'_>| {
            update.capture(self.id, self.amount, &can, Some(self.holder))
        };
        let (updated, captured) = change(ctx, &before, capture);
        let operation = captured.map_err(|refused| match refused {
            CaptureRefused::NotChargeable { step } => {
                Error::Amount(AmountRefused::NotMultipleOf(Money { amount: step, currency }))
            }
            refused => Conflict::NotCapturable { refused, currency }.into(),
        })?;
        save(tx, ctx, &updated).await?;
        audit(tx, ctx, Self::NAME, before.payment(self.id), updated.payments.payment(self.id)).await?;
        Asked::of(tx, &updated.payments, (self.id, None), Some(operation), self.holder).await
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{PaymentChanges, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::AuditEntry;
    use crate::testing::{id, run_as};

    fn capture(amount: Option<i64>) -> CapturePayment {
        let providers = providers(provider());
        CapturePayment { id: payment_id(), amount, expected: None, providers, holder: id(HOLDER) }
    }

    #[tokio::test]
    async fn nothing_is_captured_of_a_payment_that_has_changed_since_the_caller_looked_r85() {
        let late = CapturePayment { expected: Some(Version(99)), ..capture(None) };
        let mut tx = locking(payments(vec![payment(PaymentStatus::Authorised)]));
        assert!(matches!(run_as(&late, &mut tx, &admin()).await.unwrap_err(), Error::Stale(_)));
    }

    #[tokio::test]
    async fn a_capture_is_reserved_and_audited_with_its_amount_r85_r191() {
        let reserves = |changes: &PaymentChanges| changes.payments.changed[0].capture_pending == 150;
        let mut tx = saving(payments(vec![payment(PaymentStatus::Authorised)]), reserves);
        let says = |entry: &AuditEntry| {
            entry.action == "payments.capture"
                && entry.after == [("capture_pending".to_owned(), Some("150".to_owned()))]
        };
        tx.audit.expect_append().once().withf(says).returning(|_| Ok(()));
        let asked = run_as(&capture(Some(150)), &mut tx, &admin()).await.unwrap();
        assert_eq!(asked.claimed.unwrap().operation.requested_by, Some(admin().who.id()));
    }

    #[tokio::test]
    async fn nothing_is_written_when_more_is_asked_than_is_held_r85() {
        let mut tx = locking(payments(vec![payment(PaymentStatus::Authorised)]));
        let refused = run_as(&capture(Some(TOTAL + 1)), &mut tx, &admin()).await.unwrap_err();
        let Error::Conflict(Conflict::NotCapturable { refused, .. }) = refused else { panic!("{refused}") };
        assert_eq!(refused, CaptureRefused::AtMost(TOTAL));
    }
}
