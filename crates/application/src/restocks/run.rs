use async_trait::async_trait;
use domain::products::ProductId;
use domain::restocks::Restock;

use super::open_due;
use crate::{Command, Ctx, Error, Tx};

/// How many stocks one transaction looks at, so that none holds its locks for long.
const BATCH: u64 = 500;

/// Opens the restocks that are due among the next stocks in order of product id.
#[derive(Debug, Clone)]
pub struct RunRestocks {
    /// The last product of the batch before; `None` for the first batch.
    pub after: Option<ProductId>,
}

/// What a batch did.
#[derive(Debug, Clone)]
pub struct RestockBatch {
    /// What was opened.
    pub opened: Vec<Restock>,
    /// Where the next batch begins; `None` if this was the last.
    pub next: Option<ProductId>,
}

#[async_trait]
impl Command for RunRestocks {
    type Output = RestockBatch;
    const NAME: &'static str = "restocks.run";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<RestockBatch, Error> {
        let due = tx.stock().lock_due(self.after, BATCH).await?;
        let full = u64::try_from(due.len()).is_ok_and(|found| found == BATCH);
        let next = if full { due.last().map(|stock| stock.product_id) } else { None };
        Ok(RestockBatch { opened: open_due(tx, ctx, &due).await?, next })
    }
}
