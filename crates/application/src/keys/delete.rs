use async_trait::async_trait;
use domain::Version;
use domain::keys::{ApiKey, KeyId};

use super::known::locked_key;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Ends an API key at once. Whoever may change keys may end any of them: that takes away, and gives nothing.
#[derive(Debug, Clone)]
pub struct DeleteKey {
    /// The key whose secrets are refused from then on.
    pub id: KeyId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteKey {
    type Output = ();
    const NAME: &'static str = "keys.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let key = locked_key(tx, self.id, self.expected).await?;
        tx.keys().update(&key.revoked(ctx.now)).await?;
        audit(tx, ctx, Self::NAME, Some(&key), None::<&ApiKey>).await
    }
}
