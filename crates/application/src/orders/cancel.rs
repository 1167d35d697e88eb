use async_trait::async_trait;
use domain::orders::{HistoryEntry, Note, Order, OrderId, OrderScope, OrderStatus, Parcel};
use domain::stock::{MovementKind, StockChange};

use super::advance::{locked_order, step_refused};
use crate::audit_trail::audit;
use crate::stock::{Cause, moved};
use crate::{Command, Ctx, Error, Tx};

/// Calls an order off and gives its stock back.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// The order.
    pub id: OrderId,
    /// Whose orders the caller may see.
    pub scope: OrderScope,
    /// Why.
    pub reason: Option<Note>,
}

#[async_trait]
impl Command for CancelOrder {
    type Output = Order;
    const NAME: &'static str = "orders.cancel";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Order, Error> {
        let before = locked_order(tx, self.id, self.scope).await?;
        let order = before.advanced(OrderStatus::Cancelled, None, ctx.now).map_err(|_| step_refused(&before))?;
        let entry = HistoryEntry { status: order.status, at: ctx.now, note: self.reason.clone() };
        tx.orders().advance(&order, &Parcel::default(), &entry).await?;
        give_back(tx, ctx, &order).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&order)).await?;
        Ok(order)
    }
}

/// Gives the units of every line back, except those of products that are gone.
async fn give_back(tx: &mut dyn Tx, ctx: &Ctx<'_>, order: &Order) -> Result<(), Error> {
    let mut changes = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        if tx.stock().lock(line.product_id).await?.is_some() {
            changes.push(StockChange { product_id: line.product_id, quantity: line.quantity.get() });
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let cause = Cause { kind: MovementKind::Cancellation, reference: Some(order.id.0), reason: None };
    let given = moved(tx, ctx, &changes, &cause).await?;
    given.map(drop).ok_or_else(|| Error::Internal("the stock of a cancelled order does not fit".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, customer, id, order, run, stock};
    use domain::stock::Movement;

    fn cancel() -> CancelOrder {
        CancelOrder { id: OrderId(id(30)), scope: OrderScope::Of(customer()), reason: None }
    }

    fn order_in(status: OrderStatus) -> Mocks {
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().returning(move |_, _| Ok(Some(Order { status, ..order() })));
        tx
    }

    #[tokio::test]
    async fn a_cancelled_order_gives_its_stock_back_in_the_same_transaction_r65() {
        for status in [OrderStatus::Placed, OrderStatus::Processing] {
            let mut tx = order_in(status);
            tx.orders.expect_advance().once().returning(|_, _, _| Ok(()));
            tx.stock.expect_lock().once().returning(|_| Ok(Some(stock(1, 7))));
            tx.stock
                .expect_change()
                .once()
                .withf(|c, _| c[0].quantity == 2)
                .returning(|_, _| Ok(Some(vec![stock(1, 9)])));
            let says = |all: &[Movement]| all[0].kind == MovementKind::Cancellation && all[0].quantity == 2;
            tx.stock.expect_record().once().withf(says).returning(|_| Ok(()));
            assert_eq!(run(&cancel(), &mut tx).await.unwrap().status, OrderStatus::Cancelled);
        }
    }

    #[tokio::test]
    async fn nothing_is_given_back_twice_or_once_it_has_shipped_r65() {
        for status in [OrderStatus::Shipped, OrderStatus::Delivered, OrderStatus::Cancelled] {
            let refused = run(&cancel(), &mut order_in(status)).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(Conflict::OrderStep { .. })));
        }
    }

    #[tokio::test]
    async fn an_order_whose_product_is_gone_can_still_be_cancelled_r34_r65() {
        let mut tx = order_in(OrderStatus::Placed);
        tx.orders.expect_advance().once().returning(|_, _, _| Ok(()));
        tx.stock.expect_lock().once().returning(|_| Ok(None));
        run(&cancel(), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn an_order_of_somebody_else_is_not_there_r65() {
        let mut tx = Mocks::default();
        tx.orders
            .expect_lock()
            .once()
            .withf(|_, scope| *scope == OrderScope::Of(customer()))
            .returning(|_, _| Ok(None));
        assert!(matches!(run(&cancel(), &mut tx).await.unwrap_err(), Error::NotFound("order")));
    }
}
