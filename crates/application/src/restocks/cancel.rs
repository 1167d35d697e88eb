use async_trait::async_trait;
use domain::restocks::{Restock, RestockId, RestockStatus};

use super::receive::open_restock;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Calls a restock off.
#[derive(Debug, Clone)]
pub struct CancelRestock {
    /// The restock.
    pub id: RestockId,
}

#[async_trait]
impl Command for CancelRestock {
    type Output = Restock;
    const NAME: &'static str = "restocks.cancel";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Restock, Error> {
        let restock = open_restock(tx, self.id).await?;
        let cancelled = restock.closed(RestockStatus::Cancelled, ctx.now);
        tx.restocks().update(&cancelled).await?;
        audit(tx, ctx, Self::NAME, Some(&restock), Some(&cancelled)).await?;
        Ok(cancelled)
    }
}
