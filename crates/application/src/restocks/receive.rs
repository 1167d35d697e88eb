use std::time::Duration;

use async_trait::async_trait;
use domain::restocks::{Restock, RestockId, RestockStatus};
use domain::stock::{MovementKind, StockChange};

use crate::audit_trail::audit;
use crate::stock::{Cause, moved};
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Takes a restock in: its units are on hand from now on.
#[derive(Debug, Clone)]
pub struct ReceiveRestock {
    /// The restock.
    pub id: RestockId,
}

#[async_trait]
impl Command for ReceiveRestock {
    type Output = Restock;
    const NAME: &'static str = "restocks.receive";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Restock, Error> {
        let restock = open_restock(tx, self.id).await?;
        let received = receive(tx, ctx, &restock).await?;
        audit(tx, ctx, Self::NAME, Some(&restock), Some(&received)).await?;
        Ok(received)
    }
}

/// Takes in the restocks that were opened some time ago.
#[derive(Debug, Clone)]
pub struct ReceiveDueRestocks {
    /// How long ago.
    pub after: Duration,
    /// How many at most.
    pub limit: u64,
}

#[async_trait]
impl Command for ReceiveDueRestocks {
    /// How many were received.
    type Output = usize;
    const NAME: &'static str = "restocks.receive_due";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<usize, Error> {
        let due = tx.restocks().lock_open(ctx.now - self.after, self.limit).await?;
        for restock in &due {
            receive(tx, ctx, restock).await?;
        }
        Ok(due.len())
    }
}

/// The restock, locked and still open.
pub(super) async fn open_restock(tx: &mut dyn Tx, id: RestockId) -> Result<Restock, Error> {
    let restock = tx.restocks().lock(id).await?.ok_or(Error::NotFound("restock"))?;
    match restock.status {
        RestockStatus::Open => Ok(restock),
        closed => Err(Conflict::RestockClosed(closed).into()),
    }
}

async fn receive(tx: &mut dyn Tx, ctx: &Ctx<'_>, restock: &Restock) -> Result<Restock, Error> {
    let received = restock.closed(RestockStatus::Received, ctx.now);
    // Closed first: the units may leave the stock below its threshold, and then the next restock opens at once.
    tx.restocks().update(&received).await?;
    let change = StockChange { product_id: restock.product_id, quantity: restock.quantity };
    let cause = Cause { kind: MovementKind::Restock, reference: Some(restock.id.0), reason: None };
    if moved(tx, ctx, &[change], &cause).await?.is_none() {
        let stock = tx.stock().lock(restock.product_id).await?.ok_or(Error::NotFound("product"))?;
        return Err(Conflict::StockBounds { on_hand: stock.on_hand }.into());
    }
    Ok(received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, NOW, id, run, stock};
    use domain::stock::Movement;

    fn open() -> Restock {
        Restock::filling(RestockId(id(8)), &domain::stock::Stock { restock_target: 20, ..stock(1, 4) }, NOW)
    }

    #[tokio::test]
    async fn a_received_restock_adds_its_units_and_says_so_in_the_movements_r45() {
        let mut tx = Mocks::default();
        tx.restocks.expect_lock().once().returning(|_| Ok(Some(open())));
        tx.restocks.expect_update().once().withf(|r| r.status == RestockStatus::Received).returning(|_| Ok(()));
        tx.stock
            .expect_change()
            .once()
            .withf(|c, _| c[0].quantity == 16)
            .returning(|_, _| Ok(Some(vec![stock(1, 20)])));
        let says = |all: &[Movement]| all[0].kind == MovementKind::Restock && all[0].reference == Some(id(8));
        tx.stock.expect_record().once().withf(says).returning(|_| Ok(()));
        let received = run(&ReceiveRestock { id: RestockId(id(8)) }, &mut tx).await.unwrap();
        assert_eq!((received.status, received.closed_at), (RestockStatus::Received, Some(NOW)));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_restock_was_closed_before_r45() {
        for status in [RestockStatus::Received, RestockStatus::Cancelled] {
            let mut tx = Mocks::default();
            tx.restocks.expect_lock().once().returning(move |_| Ok(Some(open().closed(status, NOW))));
            let refused = run(&ReceiveRestock { id: RestockId(id(8)) }, &mut tx).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(Conflict::RestockClosed(closed)) if closed == status));
        }
    }

    #[tokio::test]
    async fn restocks_are_received_by_themselves_after_the_configured_time_r45() {
        let mut tx = Mocks::default();
        tx.restocks.expect_lock_open().once().returning(|before, _| {
            assert_eq!(before, NOW - Duration::from_hours(1));
            Ok(vec![open()])
        });
        tx.restocks.expect_update().once().returning(|_| Ok(()));
        tx.stock.expect_change().once().returning(|_, _| Ok(Some(vec![stock(1, 20)])));
        tx.stock.expect_record().once().returning(|_| Ok(()));
        let due = ReceiveDueRestocks { after: Duration::from_hours(1), limit: 10 };
        assert_eq!(run(&due, &mut tx).await.unwrap(), 1);
    }
}
