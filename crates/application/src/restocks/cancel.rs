use async_trait::async_trait;
use domain::restocks::{Restock, RestockId};

use super::receive::lock_restock;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Cancels an open restock.
#[derive(Debug, Clone)]
pub struct CancelRestock {
    /// The restock. It must be open.
    pub id: RestockId,
}

#[async_trait]
impl Command for CancelRestock {
    type Output = Restock;
    const NAME: &'static str = "restocks.cancel";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Restock, Error> {
        let restock = lock_restock(tx, self.id).await?;
        let cancelled = restock.cancel(ctx.now).map_err(Conflict::RestockClosed)?;
        tx.restocks().update(&cancelled).await?;
        audit(tx, ctx, Self::NAME, Some(&restock), Some(&cancelled)).await?;
        Ok(cancelled)
    }
}
