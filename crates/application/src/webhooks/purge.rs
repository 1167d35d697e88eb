use std::time::Duration;

use async_trait::async_trait;

use crate::{Command, Ctx, Error, Tx};

/// How long a delivery is kept after its end.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Deletes deliveries that ended long ago, and those to endpoints that were deleted. The output is how many.
#[derive(Debug, Clone, Copy)]
pub struct PurgeDeliveries {
    /// The most deliveries.
    pub limit: u64,
}

#[async_trait]
impl Command for PurgeDeliveries {
    type Output = u64;
    const NAME: &'static str = "webhook_deliveries.purge";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        Ok(tx.webhooks().purge(ctx.now - KEPT, self.limit).await?)
    }
}
