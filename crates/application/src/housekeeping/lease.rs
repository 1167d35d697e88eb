use std::time::Duration;

use async_trait::async_trait;
use domain::Uuid;

use crate::{Command, Ctx, Error, Tx};

/// Takes the lease of a task. The output is `false` if another server has it.
pub(super) struct TakeLease {
    pub task: &'static str,
    pub holder: Uuid,
    pub lasts: Duration,
}

#[async_trait]
impl Command for TakeLease {
    type Output = bool;
    const NAME: &'static str = "housekeeping.take_lease";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        Ok(tx.leases().take(self.task, self.holder, ctx.now, ctx.now + self.lasts).await?)
    }
}
