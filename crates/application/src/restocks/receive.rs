use std::time::Duration;

use async_trait::async_trait;
use domain::events::Event;
use domain::restocks::{ReceivedUnits, Restock, RestockAge, RestockId};

use crate::audit_trail::audit;
use crate::events::append_event;
use crate::stock::{lock_stock, save_stock_changes};
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Receives a restock and adds its units to stock.
#[derive(Debug, Clone)]
pub struct ReceiveRestock {
    /// The restock that came.
    pub id: RestockId,
    /// The units that came; `None` for all that were ordered.
    pub came: Option<ReceivedUnits>,
}

#[async_trait]
impl Command for ReceiveRestock {
    type Output = Restock;
    const NAME: &'static str = "restocks.receive";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Restock, Error> {
        let restock = lock_restock(tx, self.id).await?;
        let received = receive(tx, ctx, &restock, self.came).await?;
        audit(tx, ctx, Self::NAME, Some(&restock), Some(&received)).await?;
        Ok(received)
    }
}

/// Receives a batch of restocks that are older than `age`, oldest first. A restock whose units would exceed the largest
/// stock stays open and does not block the others.
#[derive(Debug, Clone)]
pub struct ReceiveDueRestocks {
    /// The age at which an open restock is due.
    pub age: Duration,
    /// The last restock of the previous batch; `None` for the first batch.
    pub after: Option<RestockAge>,
    /// The most restocks in the batch.
    pub limit: u64,
}

/// The result of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedBatch {
    /// Number of received restocks.
    pub received: u64,
    /// The last restock of this batch; `None` if there are no more batches.
    pub next: Option<RestockAge>,
}

#[async_trait]
impl Command for ReceiveDueRestocks {
    type Output = ReceivedBatch;
    const NAME: &'static str = "restocks.receive_due";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ReceivedBatch, Error> {
        let due = tx.restocks().lock_open(ctx.now - self.age, self.after, self.limit).await?;
        let mut received = 0;
        for restock in &due {
            match receive(tx, ctx, restock, None).await {
                Ok(_) => received += 1,
                Err(Error::Conflict(Conflict::StockBounds { on_hand })) => tracing::warn!(
                    restock = %restock.id, product = %restock.product_id, quantity = restock.quantity, on_hand,
                    "a due restock stays open: its units do not fit into stock"
                ),
                Err(error) => return Err(error),
            }
        }
        let is_full = u64::try_from(due.len()).is_ok_and(|found| found >= self.limit);
        Ok(ReceivedBatch { received, next: due.last().filter(|_| is_full).map(Restock::age) })
    }
}

/// Locks a restock.
///
/// # Errors
/// [`Error::NotFound`] if there is no such restock.
pub(super) async fn lock_restock(tx: &mut dyn Tx, id: RestockId) -> Result<Restock, Error> {
    tx.restocks().lock(id).await?.ok_or(Error::NotFound("restock"))
}

/// Receives a locked restock. If it is refused, nothing is written.
async fn receive(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    restock: &Restock,
    came: Option<ReceivedUnits>,
) -> Result<Restock, Error> {
    let received = restock.receive(came, ctx.now).map_err(Conflict::RestockClosed)?;
    let change = lock_stock(tx, restock.product_id).await?.receive(&received, ctx.now)?;
    // Closed first: if stock is still below its reorder point with the units, the next restock opens at once.
    tx.restocks().update(&received).await?;
    append_event(tx, ctx, Event::restock_received(&received)).await?;
    save_stock_changes(tx, ctx, &[change]).await?;
    Ok(received)
}

#[cfg(test)]
mod tests {
    use domain::events::{EventType, Fact};

    use super::*;
    use crate::testing::{Mocks, NOW, id, moves, run, stock};
    use domain::products::ProductId;
    use domain::restocks::RestockStatus;
    use domain::stock::{MAX_ON_HAND, MovementKind, Stock, StockChange};

    fn open(product: u128) -> Restock {
        Restock::due(RestockId(id(8)), &Stock { restock_target: 20, ..stock(product, 4) }, NOW)
    }

    fn receives(tx: &mut Mocks) {
        tx.restocks.expect_update().once().withf(|r| r.status == RestockStatus::Received).returning(|_| Ok(()));
        tx.expect_events([EventType::RestockReceived]);
        let saves = |changes: &[StockChange]| {
            moves(changes) == [(MovementKind::Restock, 16, 20)] && changes[0].movement.reference == Some(id(8))
        };
        tx.stock.expect_save().once().withf(saves).returning(|_| Ok(()));
    }

    #[tokio::test]
    async fn a_received_restock_adds_its_units_and_its_movement_names_it_r45() {
        let mut tx = Mocks::default();
        tx.restocks.expect_lock().once().returning(|_| Ok(Some(open(1))));
        tx.stock.expect_lock().once().returning(|_| Ok(vec![stock(1, 4)]));
        receives(&mut tx);
        let received = run(&ReceiveRestock { id: RestockId(id(8)), came: None }, &mut tx).await.unwrap();
        assert_eq!((received.status, received.closed_at), (RestockStatus::Received, Some(NOW)));
    }

    #[tokio::test]
    async fn movement_audit_and_event_say_how_many_really_came_r242() {
        for came in [3, 40] {
            let mut tx = Mocks::default();
            tx.restocks.expect_lock().once().returning(|_| Ok(Some(open(1))));
            tx.stock.expect_lock().once().returning(|_| Ok(vec![stock(1, 4)]));
            tx.restocks
                .expect_update()
                .once()
                .withf(move |r| (r.quantity, r.ordered, r.status) == (came, 16, RestockStatus::Received))
                .returning(|_| Ok(()));
            let says = move |event: &Event| event.data.contains(&("quantity", Fact::Number(came)));
            tx.outbox.expect_append().once().withf(move |_, event, _| says(event)).returning(|_, _, _| Ok(()));
            let saves = move |changes: &[StockChange]| moves(changes) == [(MovementKind::Restock, came, 4 + came)];
            tx.stock.expect_save().once().withf(saves).returning(|_| Ok(()));
            let receive = ReceiveRestock { id: RestockId(id(8)), came: ReceivedUnits::parse(came).ok() };
            let received = run(&receive, &mut tx).await.unwrap();
            assert_eq!((received.quantity, received.ordered), (came, 16));
        }
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_restock_was_closed_before_r45() {
        for closed in [open(1).receive(None, NOW).unwrap(), open(1).cancel(NOW).unwrap()] {
            let mut tx = Mocks::default();
            let status = closed.status;
            tx.restocks.expect_lock().once().return_once(move |_| Ok(Some(closed)));
            let refused = run(&ReceiveRestock { id: RestockId(id(8)), came: None }, &mut tx).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(Conflict::RestockClosed(was)) if was == status));
        }
    }

    #[tokio::test]
    async fn restocks_are_received_automatically_after_the_configured_time_r45() {
        let mut tx = Mocks::default();
        tx.restocks.expect_lock_open().once().returning(|before, after, _| {
            assert_eq!((before, after), (NOW - Duration::from_hours(1), None));
            Ok(vec![open(1)])
        });
        tx.stock.expect_lock().once().returning(|_| Ok(vec![stock(1, 4)]));
        receives(&mut tx);
        let due = ReceiveDueRestocks { age: Duration::from_hours(1), after: None, limit: 10 };
        assert_eq!(run(&due, &mut tx).await.unwrap(), ReceivedBatch { received: 1, next: None });
    }

    #[tokio::test]
    async fn a_restock_that_exceeds_the_stock_limit_does_not_block_the_others_r45() {
        let mut tx = Mocks::default();
        tx.restocks.expect_lock_open().once().returning(|_, _, _| Ok(vec![open(2), open(1)]));
        let on_hand = |ids: &[ProductId]| vec![if ids[0].0 == id(2) { stock(2, MAX_ON_HAND) } else { stock(1, 4) }];
        tx.stock.expect_lock().times(2).returning(move |ids| Ok(on_hand(ids)));
        receives(&mut tx);
        let due = ReceiveDueRestocks { age: Duration::from_hours(1), after: None, limit: 2 };
        let next = Some(open(1).age());
        assert_eq!(run(&due, &mut tx).await.unwrap(), ReceivedBatch { received: 1, next });
    }
}
