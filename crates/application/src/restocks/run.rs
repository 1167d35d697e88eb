use async_trait::async_trait;
use domain::products::ProductId;
use domain::restocks::Restock;

use crate::audit_trail::audit;
use crate::stock::open_due;
use crate::{Command, Ctx, Error, Tx};

/// Stocks read with one statement.
const BATCH: u64 = 500;
/// Batches in one transaction. It must end well before its deadline.
const BATCHES: usize = 4;

/// Opens due restocks.
///
/// A run is one transaction, so that idempotency key, restocks and response are committed together. If more restocks
/// are due than one transaction should open, the rest is left to the next run (`complete` is `false`).
#[derive(Debug, Clone)]
pub struct RunRestocks;

/// The result of a run.
#[derive(Debug, Clone)]
pub struct RestockRun {
    /// The restocks that were opened: one for each product that was due.
    pub opened: Vec<Restock>,
    /// Whether all due restocks were opened.
    pub complete: bool,
}

#[async_trait]
impl Command for RunRestocks {
    type Output = RestockRun;
    const NAME: &'static str = "restocks.run";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<RestockRun, Error> {
        let mut opened = Vec::new();
        let mut after: Option<ProductId> = None;
        for _ in 0..BATCHES {
            let due = tx.stock().lock_due(after, BATCH).await?;
            let restocks = open_due(tx, ctx, &due.iter().collect::<Vec<_>>()).await?;
            for restock in &restocks {
                audit(tx, ctx, Self::NAME, None, Some(restock)).await?;
            }
            opened.extend(restocks);
            if u64::try_from(due.len()).is_ok_and(|found| found < BATCH) {
                return Ok(RestockRun { opened, complete: true });
            }
            after = due.last().map(|stock| stock.product_id);
        }
        Ok(RestockRun { opened, complete: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, id, run, stock};
    use domain::stock::Stock;

    /// A transaction with this many due stocks, in order of product id.
    fn due(count: u128) -> Mocks {
        let mut tx = Mocks::default();
        tx.stock.expect_lock_due().returning(move |after, limit| {
            let first = after.map_or(1, |id| id.0.as_u128() + 1);
            let last = count.min(first - 1 + u128::from(limit));
            let below = |n| Stock { restock_threshold: 5, restock_target: 20, ..stock(n, 3) };
            Ok((first..=last).map(below).collect())
        });
        tx.restocks.expect_barred().returning(|_| Ok(vec![]));
        tx.restocks.expect_insert().returning(|_| Ok(()));
        tx.outbox.expect_append().returning(|_, _, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_run_opens_all_due_restocks_in_batches_r44() {
        for count in [0, 1, 499, 500, 501, 1999] {
            let done = run(&RunRestocks, &mut due(count)).await.unwrap();
            assert_eq!((done.opened.len() as u128, done.complete), (count, true), "{count}");
            assert!(done.opened.iter().all(|restock| restock.quantity == 17));
        }
        let done = run(&RunRestocks, &mut due(501)).await.unwrap();
        assert_eq!(done.opened.last().unwrap().product_id, ProductId(id(501)));
    }

    #[tokio::test]
    async fn a_run_reports_that_more_restocks_are_due_r44() {
        let done = run(&RunRestocks, &mut due(2001)).await.unwrap();
        assert_eq!((done.opened.len(), done.complete), (2000, false));
    }
}
