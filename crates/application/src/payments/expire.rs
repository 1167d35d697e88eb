use async_trait::async_trait;
use domain::orders::{Note, OrderId, OrderScope};
use domain::payments::{DueOperation, Expiry};

use crate::order_payments::{change, lock_payments, save};
use crate::orders::cancel_order;
use crate::{Command, Ctx, Error, Tx};

/// Cancels an order that was not paid in time, or gives its open payment up first.
#[derive(Debug, Clone)]
pub struct ExpireOrder {
    /// The order to cancel, if it was not paid in time.
    pub id: OrderId,
}

/// What became of an order whose time to pay was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expired {
    /// Its time to pay is not over, or was moved.
    Waits,
    /// It is cancelled, and its units are back in stock.
    Cancelled,
    /// Its open payment is given up first, by this operation.
    GivesUp(DueOperation),
}

#[async_trait]
impl Command for ExpireOrder {
    type Output = Expired;
    const NAME: &'static str = "payments.expire_order";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Expired, Error> {
        let order = tx.orders().lock(self.id, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
        let before = lock_payments(tx, order.id).await?;
        let (updated, expiry) = change(ctx, &before, |update| update.expire(order.status));
        if expiry == Expiry::Cancel {
            let reason = Note::from_trusted("It was not paid in time.".to_owned());
            cancel_order(tx, ctx, &order, Some(reason)).await?;
            return Ok(Expired::Cancelled);
        }
        save(tx, ctx, &updated).await?;
        let Expiry::GivesUp(Some(id)) = expiry else { return Ok(Expired::Waits) };
        let asked = updated.payments.operations.iter().find(|operation| operation.id == id);
        let due = asked.map(|asked| DueOperation { id, payment_id: asked.payment_id, order_id: order.id });
        Ok(due.map_or(Expired::Waits, Expired::GivesUp))
    }
}

#[cfg(test)]
mod tests {
    use domain::UtcDateTime;
    use domain::events::{Event, EventType};
    use domain::orders::{Order, OrderStatus};
    use domain::payments::{OrderPayments, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, NOW, id, order, run, stock};

    fn expire() -> ExpireOrder {
        ExpireOrder { id: order().id }
    }

    fn overdue(all: OrderPayments, pay_by: UtcDateTime) -> OrderPayments {
        let balance = domain::orders::OrderBalance { pay_by: Some(pay_by), ..all.balance };
        OrderPayments { balance, ..all }
    }

    fn ordered(mut tx: Mocks, all: &OrderPayments) -> Mocks {
        let order = Order { balance: Some(all.balance.clone()), ..order() };
        tx.orders.expect_lock().once().return_once(move |_, _| Ok(Some(order)));
        tx
    }

    #[tokio::test]
    async fn an_unpaid_order_is_cancelled_with_its_stock_given_back_r91() {
        let all = overdue(payments(vec![]), NOW);
        let mut tx = ordered(Mocks::default(), &all);
        tx.payments.expect_lock().times(2).returning({
            let all = all.clone();
            move |_| Ok(Some(all.clone()))
        });
        let cancels = |order: &Order, _: &_, _: &_| order.status == OrderStatus::Cancelled;
        tx.orders.expect_advance().once().withf(cancels).returning(|_, _, _| Ok(()));
        let clears = |changes: &domain::payments::PaymentChanges| {
            changes.balance.as_ref().is_some_and(|balance| balance.payable() == 0 && balance.pay_by.is_none())
        };
        tx.payments.expect_save().once().withf(clears).returning(|_| Ok(()));
        tx.stock.expect_lock().once().returning(|_| Ok(vec![stock(1, 7)]));
        tx.stock.expect_save().once().returning(|_| Ok(()));
        let announces = |_: &_, event: &Event, _: &_| event.event_type == EventType::OrderCancelled;
        tx.outbox.expect_append().once().withf(announces).returning(|_, _, _| Ok(()));
        assert_eq!(run(&expire(), &mut tx).await.unwrap(), Expired::Cancelled);
    }

    #[tokio::test]
    async fn an_open_payment_is_given_up_and_the_order_is_not_cancelled_yet_r91() {
        let all = overdue(payments(vec![payment(PaymentStatus::RequiresAction)]), NOW);
        let tx = saving(all.clone(), |changes| changes.operations.added.len() == 1);
        let expired = run(&expire(), &mut ordered(tx, &all)).await.unwrap();
        let Expired::GivesUp(due) = expired else { panic!("{expired:?}") };
        assert_eq!((due.payment_id, due.order_id.0), (payment_id(), id(30)));
    }

    #[tokio::test]
    async fn an_order_that_was_paid_meanwhile_lives_r91() {
        let all = payments(vec![payment(PaymentStatus::Captured)]);
        let expired = run(&expire(), &mut ordered(locking(all.clone()), &all)).await.unwrap();
        assert_eq!(expired, Expired::Waits);
    }
}
