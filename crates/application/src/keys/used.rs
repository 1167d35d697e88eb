use async_trait::async_trait;
use domain::accounts::Network;
use domain::keys::KeyId;

use crate::{Command, Ctx, Error, Tx};

/// Records that an API key was used, and from where. It is no part of the request that uses it.
#[derive(Debug, Clone)]
pub struct RecordKeyUse {
    /// The key that was used.
    pub id: KeyId,
    /// The network of the caller.
    pub from: Network,
}

#[async_trait]
impl Command for RecordKeyUse {
    type Output = ();
    const NAME: &'static str = "keys.record_use";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.keys().used(self.id, self.from, ctx.now).await?)
    }
}
