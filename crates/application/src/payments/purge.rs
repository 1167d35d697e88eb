use std::time::Duration;

use async_trait::async_trait;

use crate::{Command, Ctx, Error, Tx};

/// How long a notice is kept, so that a repeated one is known.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Deletes notices that nobody repeats any more. The output is how many.
#[derive(Debug, Clone)]
pub struct PurgeNotices {
    /// How many notices are deleted at most.
    pub limit: u64,
}

#[async_trait]
impl Command for PurgeNotices {
    type Output = u64;
    const NAME: &'static str = "payments.purge_notices";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        Ok(tx.payments().purge_notices(ctx.now - KEPT, self.limit).await?)
    }
}
