use async_trait::async_trait;
use domain::events::Event;
use domain::orders::{ChangedOrder, Note, Order, OrderId, OrderScope, Parcel};
use domain::payments::{Refund, RefundId};
use domain::stock::Stock;

use super::advance::lock_order;
use super::text::expect_takes_text;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::order_payments::{change, lock_payments, save};
use crate::stock::save_stock_changes;
use crate::{Command, Ctx, Error, Tx};

/// Cancels an order, returns its units to stock, and gives its money back.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// The order. It must not be shipped yet.
    pub id: OrderId,
    /// The orders that the caller may see.
    pub scope: OrderScope,
    /// A note for the history.
    pub reason: Option<Note>,
}

/// An order that was cancelled just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelledOrder {
    /// The order after that, with all its units given back.
    pub order: Order,
    /// What goes back because of it. The providers are not asked yet.
    pub refunds: Vec<Refund>,
}

#[async_trait]
impl Command for CancelOrder {
    type Output = CancelledOrder;
    const NAME: &'static str = "orders.cancel";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<CancelledOrder, Error> {
        let before = lock_order(tx, self.id, self.scope).await?;
        if self.reason.is_some() {
            expect_takes_text(tx, &before).await?;
        }
        let cancelled = cancel_order(tx, ctx, &before, self.reason.clone()).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&cancelled.order)).await?;
        for refund in &cancelled.refunds {
            audit(tx, ctx, Self::NAME, None, Some(refund)).await?;
        }
        Ok(cancelled)
    }
}

/// Cancels a locked order. What providers have to do about its money is written down in the same transaction.
pub(crate) async fn cancel_order(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    before: &Order,
    note: Option<Note>,
) -> Result<CancelledOrder, Error> {
    let ChangedOrder { order, entry } = before.cancel(ctx.now)?.noted(note);
    tx.orders().advance(&order, &Parcel::default(), &entry).await?;
    let cancelled = return_money(tx, ctx, order).await?;
    append_event(tx, ctx, Event::order_cancelled(&cancelled.order)).await?;
    // Before the stock, in the order in which an order takes both.
    if cancelled.order.has_discounts() {
        tx.promotions().give_back(cancelled.order.id, ctx.now).await?;
    }
    give_back(tx, ctx, &cancelled.order).await?;
    Ok(cancelled)
}

/// Gives up what is open, and gives back what came in.
async fn return_money(tx: &mut dyn Tx, ctx: &Ctx<'_>, order: Order) -> Result<CancelledOrder, Error> {
    if order.balance.is_none() {
        return Ok(CancelledOrder { order, refunds: Vec::new() });
    }
    let before = lock_payments(tx, order.id).await?;
    let (updated, refunds) = change(ctx, &before, |update| -> Vec<RefundId> { update.cancel() });
    save(tx, ctx, &updated).await?;
    let refunds = refunds.into_iter().filter_map(|id| updated.payments.refund(id).cloned()).collect();
    let balance = Some(updated.payments.balance);
    Ok(CancelledOrder { order: Order { balance, ..order }, refunds })
}

/// Returns the units of every line to stock, except those of deleted products.
async fn give_back(tx: &mut dyn Tx, ctx: &Ctx<'_>, order: &Order) -> Result<(), Error> {
    let ids: Vec<_> = order.lines.iter().map(|line| line.product_id).collect();
    let stocks = tx.stock().lock(&ids).await?;
    let quantity = |stock: &Stock| {
        let line = order.lines.iter().find(|line| line.product_id == stock.product_id);
        line.map(|line| stock.give_back(line.quantity, order.id, ctx.now))
    };
    let changes: Vec<_> = stocks.iter().filter_map(quantity).collect::<Result<_, _>>()?;
    save_stock_changes(tx, ctx, &changes).await
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, customer, id, moves, order, run, stock};
    use domain::orders::{EditRefused, OrderStatus};
    use domain::pricing::{Adjustment, AdjustmentKind, PromotionId, Share};
    use domain::products::ProductId;
    use domain::stock::{MovementKind, StockChange};

    fn cancel() -> CancelOrder {
        CancelOrder { id: OrderId(id(30)), scope: OrderScope::Of(customer()), reason: None }
    }

    fn order_in(status: OrderStatus) -> Mocks {
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().returning(move |_, _| Ok(Some(Order { status, ..order() })));
        tx
    }

    #[tokio::test]
    async fn a_cancellation_returns_the_stock_in_the_same_transaction_r65() {
        for status in [OrderStatus::Placed, OrderStatus::Processing] {
            let mut tx = order_in(status);
            tx.orders.expect_advance().once().returning(|_, _, _| Ok(()));
            tx.expect_events([EventType::OrderCancelled]);
            let asked = |ids: &[ProductId]| ids == [ProductId(id(1))];
            tx.stock.expect_lock().once().withf(asked).returning(|_| Ok(vec![stock(1, 7)]));
            let saves = |changes: &[StockChange]| moves(changes) == [(MovementKind::Cancellation, 2, 9)];
            tx.stock.expect_save().once().withf(saves).returning(|_| Ok(()));
            assert_eq!(run(&cancel(), &mut tx).await.unwrap().order.status, OrderStatus::Cancelled);
        }
    }

    #[tokio::test]
    async fn an_order_of_an_erased_customer_is_cancelled_without_a_reason_r65_r276() {
        let reason = Note::parse("Ann has died").ok();
        let mut tx = order_in(OrderStatus::Placed);
        tx.customers.expect_known().once().returning(|_| Ok(Vec::new()));
        let refused = run(&CancelOrder { reason, ..cancel() }, &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NotEdited(EditRefused::Erased))), "{refused}");
    }

    #[tokio::test]
    async fn stock_is_not_returned_twice_or_after_shipping_r65() {
        for status in [OrderStatus::Shipped, OrderStatus::Delivered, OrderStatus::Cancelled] {
            let refused = run(&cancel(), &mut order_in(status)).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(Conflict::OrderStep { .. })));
        }
    }

    #[tokio::test]
    async fn an_order_of_a_deleted_product_can_be_cancelled_r34_r65() {
        let mut tx = order_in(OrderStatus::Placed);
        tx.orders.expect_advance().once().returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderCancelled]);
        tx.stock.expect_lock().once().returning(|_| Ok(vec![]));
        tx.stock.expect_save().once().withf(<[StockChange]>::is_empty).returning(|_| Ok(()));
        run(&cancel(), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn an_order_of_another_customer_is_not_found_r65() {
        let mut tx = Mocks::default();
        tx.orders
            .expect_lock()
            .once()
            .withf(|_, scope| *scope == OrderScope::Of(customer()))
            .returning(|_, _| Ok(None));
        assert!(matches!(run(&cancel(), &mut tx).await.unwrap_err(), Error::NotFound("order")));
    }

    #[tokio::test]
    async fn a_cancelled_order_gives_its_uses_of_promotions_back_before_its_stock_r106() {
        let discount = Adjustment {
            kind: AdjustmentKind::Discount,
            share: Share::Line(1),
            code: String::new(),
            label: "Summer".to_owned(),
            amount: -50,
            base: None,
            net: None,
            rate: None,
            treatment: None,
            is_included: false,
            promotion_id: Some(PromotionId(id(9))),
        };
        let placed = domain::orders::Order { adjustments: vec![discount], ..order() };
        let mut tx = Mocks::default();
        let mut effects = mockall::Sequence::new();
        tx.orders.expect_lock().once().return_once(move |_, _| Ok(Some(placed)));
        tx.orders.expect_advance().once().in_sequence(&mut effects).returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderCancelled]);
        let give_back = tx.promotions.expect_give_back().once().in_sequence(&mut effects);
        give_back.returning(|_, _| Ok(()));
        tx.stock.expect_lock().once().in_sequence(&mut effects).returning(|_| Ok(vec![]));
        tx.stock.expect_save().once().in_sequence(&mut effects).returning(|_| Ok(()));
        run(&cancel(), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_cancelled_order_gives_its_money_back_in_the_same_transaction_r134() {
        use crate::payments::testing::{payment, payments};
        use domain::payments::{PaymentChanges, PaymentStatus};
        let all = payments(vec![payment(PaymentStatus::Captured)]);
        let paid = Order { balance: Some(all.balance.clone()), ..order() };
        let mut tx = Mocks::default();
        let mut effects = mockall::Sequence::new();
        tx.orders.expect_lock().once().return_once(move |_, _| Ok(Some(paid)));
        tx.orders.expect_advance().once().in_sequence(&mut effects).returning(|_, _, _| Ok(()));
        tx.payments.expect_lock().once().in_sequence(&mut effects).return_once(move |_| Ok(Some(all)));
        let returns = |changes: &PaymentChanges| {
            changes.refunds.added[0].amount == 200
                && changes.operations.added.len() == 1
                && changes.balance.as_ref().is_some_and(|balance| balance.payable() == 0)
        };
        tx.payments.expect_save().once().in_sequence(&mut effects).withf(returns).returning(|_| Ok(()));
        tx.expect_events([EventType::RefundCreated, EventType::OrderCancelled]);
        tx.stock.expect_lock().once().in_sequence(&mut effects).returning(|_| Ok(vec![]));
        tx.stock.expect_save().once().in_sequence(&mut effects).returning(|_| Ok(()));
        let cancelled = run(&cancel(), &mut tx).await.unwrap();
        assert_eq!(cancelled.refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [200]);
    }
}
