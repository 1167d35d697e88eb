use std::time::Duration;

use async_trait::async_trait;

use crate::{Command, Ctx, Error, Tx};

/// How long a message is kept after its end, and a token.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Deletes messages that ended long ago, and tokens. The output is how many of what there was more of.
#[derive(Debug, Clone, Copy)]
pub struct PurgeMails {
    /// The most of each.
    pub limit: u64,
}

#[async_trait]
impl Command for PurgeMails {
    type Output = u64;
    const NAME: &'static str = "mail.purge";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        let messages = tx.mails().purge(ctx.now - KEPT, self.limit).await?;
        Ok(messages.max(tx.mails().purge_tokens(ctx.now - KEPT, self.limit).await?))
    }
}
