use async_trait::async_trait;
use domain::orders::{OrderId, OrderScope};
use domain::payments::{OrderPayments, PaymentProviders, Refund, RefundRefused, RefundRequest};
use domain::{Currency, Money};

use super::ask::{Asked, capabilities};
use crate::audit_trail::audit;
use crate::order_payments::{change, save};
use crate::orders::expect_takes_text;
use crate::{AmountRefused, Command, Conflict, Ctx, Error, Tx};

/// Decides that money of an order goes back, and writes it down for the provider; or records that it was paid by other
/// means.
#[derive(Clone)]
pub struct RefundOrder {
    /// The order whose money goes back.
    pub order_id: OrderId,
    /// How much, and how.
    pub request: RefundRequest,
    /// What the order could give back when the caller looked, in minor units; `None` if that does not matter.
    pub seen: Option<i64>,
    /// The providers that the shop uses, by their names.
    pub providers: PaymentProviders,
}

#[async_trait]
impl Command for RefundOrder {
    type Output = Asked;
    const NAME: &'static str = "refunds.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Asked, Error> {
        let order = tx.orders().lock(self.order_id, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
        if self.request.note.is_some() {
            expect_takes_text(tx, &order).await?;
        }
        let currency = order.total.currency;
        let Some(before) = tx.payments().lock(order.id).await? else {
            return Err(Conflict::NotRefundable(Vec::new()).into());
        };
        if self.seen.is_some_and(|seen| seen != OrderPayments::refundable(&before.payments)) {
            return Err(Error::Stale(before.balance.version));
        }
        let refund = |update: &mut domain::payments::PaymentsUpdate<'_>| {
            update.refund(&self.request, |payment| capabilities(&self.providers, payment))
        };
        let (updated, refunded) = change(ctx, &before, refund);
        let id = refunded.map_err(|refused| refuse(refused, currency))?;
        save(tx, ctx, &updated).await?;
        let refund = updated.payments.refund(id).ok_or(Error::NotFound("refund"))?;
        audit(tx, ctx, Self::NAME, None, Some(refund)).await?;
        let asked = updated.payments.operations.iter().find(|operation| operation.refund_id == Some(id));
        let operation = asked.map(|operation| operation.id);
        let ids = (refund.payment_id, Some(id));
        let asked = Asked::of(tx, &updated.payments, ids, operation, self.request.holder).await?;
        Ok(Asked { is_new: true, ..asked })
    }
}

fn refuse(refused: RefundRefused, currency: Currency) -> Error {
    let money = |amount| Money { amount, currency };
    match refused {
        RefundRefused::NotRefundable(each) => {
            Conflict::NotRefundable(each.into_iter().map(|(id, amount)| (id, money(amount))).collect()).into()
        }
        RefundRefused::OnlyAll { all } => Error::Amount(AmountRefused::NotAll(money(all))),
        RefundRefused::NotChargeable { step } => Error::Amount(AmountRefused::NotMultipleOf(money(step))),
        RefundRefused::ReferenceTaken => Conflict::Duplicate(Refund::UNIQUE_OUTSIDE).into(),
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{PaymentChanges, PaymentStatus, Reference, RefundReason};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, id, order, run_as};

    fn refund(outside: Option<Reference>) -> RefundOrder {
        let reason = RefundReason::parse("broken").unwrap();
        let request = RefundRequest { amount: 80, payment_id: None, reason, note: None, outside, holder: id(HOLDER) };
        RefundOrder { order_id: order().id, request, seen: None, providers: providers(provider()) }
    }

    fn ordered(mut tx: Mocks) -> Mocks {
        tx.orders.expect_lock().once().returning(|_, _| Ok(Some(order())));
        tx
    }

    #[tokio::test]
    async fn a_refund_is_reserved_and_written_down_for_the_provider_r87_r90() {
        let before = payments(vec![payment(PaymentStatus::Captured)]);
        let reserves = |changes: &PaymentChanges| {
            changes.payments.changed[0].refund_pending == 80 && changes.operations.added.len() == 1
        };
        let mut tx = ordered(saving(before, reserves));
        tx.audit.expect_append().once().withf(|entry| entry.resource == "refund").returning(|_| Ok(()));
        let asked = run_as(&refund(None), &mut tx, &admin()).await.unwrap();
        assert_eq!((asked.refund.unwrap().amount, asked.claimed.is_some()), (80, true));
    }

    #[tokio::test]
    async fn a_refund_paid_outside_asks_no_provider_r87() {
        let before = payments(vec![payment(PaymentStatus::Captured)]);
        let records = |changes: &PaymentChanges| changes.operations.added.is_empty() && changes.transfers.len() == 1;
        let mut tx = ordered(saving(before, records));
        tx.audit.expect_append().once().returning(|_| Ok(()));
        let asked = run_as(&refund(Some(reference())), &mut tx, &admin()).await.unwrap();
        assert_eq!((asked.claimed, asked.is_new), (None, true));
    }

    #[tokio::test]
    async fn nothing_goes_back_when_the_order_can_give_back_another_sum_than_the_caller_saw_r87() {
        let before = || payments(vec![payment(PaymentStatus::Captured)]);
        let seen = OrderPayments::refundable(&before().payments);
        let late = RefundOrder { seen: Some(seen + 1), ..refund(None) };
        let refused = run_as(&late, &mut ordered(locking(before())), &admin()).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(_)), "{refused:?}");
        let mut tx = ordered(saving(before(), |changes| changes.refunds.added.len() == 1));
        tx.audit.expect_append().once().returning(|_| Ok(()));
        run_as(&RefundOrder { seen: Some(seen), ..refund(None) }, &mut tx, &admin()).await.unwrap();
    }

    #[tokio::test]
    async fn an_order_without_payments_has_nothing_to_give_back_r87() {
        let mut tx = ordered(Mocks::default());
        tx.payments.expect_lock().once().returning(|_| Ok(None));
        let refused = run_as(&refund(None), &mut tx, &admin()).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NotRefundable(each)) if each.is_empty()));
    }
}
