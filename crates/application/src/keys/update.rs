use async_trait::async_trait;
use domain::Version;
use domain::keys::{ApiKey, KeyId, KeyName};

use super::known::locked_key;
use crate::access::expect_grantable;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Gives an API key another name.
#[derive(Debug, Clone)]
pub struct UpdateKey {
    /// The key to change.
    pub id: KeyId,
    /// The name; `None` keeps it.
    pub name: Option<KeyName>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateKey {
    type Output = ApiKey;
    const NAME: &'static str = "keys.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ApiKey, Error> {
        let before = locked_key(tx, self.id, self.expected).await?;
        let key = before.named(self.name.clone().unwrap_or_else(|| before.name.clone()));
        if key == before {
            return Ok(before);
        }
        expect_grantable(tx, ctx, key.scopes).await?;
        tx.keys().update(&key).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&key)).await?;
        Ok(key)
    }
}
