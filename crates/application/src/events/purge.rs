use std::time::Duration;

use async_trait::async_trait;

use crate::{Command, Ctx, Error, Tx};

/// Deletes the oldest events of the feed. The output says how many.
#[derive(Debug, Clone, Copy)]
pub struct PurgeEvents {
    /// How long an event is kept.
    pub keep_for: Duration,
    /// The most events that are deleted.
    pub limit: u64,
}

#[async_trait]
impl Command for PurgeEvents {
    type Output = u64;
    const NAME: &'static str = "events.purge";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        Ok(tx.outbox().purge(ctx.now - self.keep_for, self.limit).await?)
    }
}
