use async_trait::async_trait;
use domain::keys::{ApiKey, KeyHash, KeyId, Overlap};

use super::known::locked_key;
use crate::access::expect_grantable;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Gives an API key another secret. The previous one works until the overlap ends.
#[derive(Debug, Clone)]
pub struct RotateKey {
    /// The key whose secret is replaced.
    pub id: KeyId,
    /// What is kept of the secret.
    pub hash: KeyHash,
    /// How long both open.
    pub overlap: Overlap,
}

#[async_trait]
impl Command for RotateKey {
    type Output = ApiKey;
    const NAME: &'static str = "keys.rotate";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ApiKey, Error> {
        let before = locked_key(tx, self.id, None).await?;
        // Whoever gets the secret gets all that the key may do.
        expect_grantable(tx, ctx, before.scopes).await?;
        let key = before.rotated(self.hash, self.overlap, ctx.now);
        tx.keys().update(&key).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&key)).await?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use domain::access::{Noun, Scope};

    use super::super::create::tests::{clerk, key};
    use super::*;
    use crate::testing::{id, run_as};

    #[tokio::test]
    async fn nobody_gets_the_secret_of_a_key_that_may_do_more_than_they_r257_r258() {
        for (scope, rotated) in [(Scope::Write(Noun::Orders), true), (Scope::Write(Noun::Payments), false)] {
            let (mut tx, actor) = clerk();
            tx.keys.expect_lock().once().returning(move |_| Ok(Some(key(scope))));
            tx.keys.expect_update().times(usize::from(rotated)).returning(|_| Ok(()));
            tx.audit.expect_append().times(usize::from(rotated)).returning(|_| Ok(()));
            let rotate = RotateKey { id: KeyId(id(7)), hash: KeyHash([2; 32]), overlap: Overlap::default() };
            match run_as(&rotate, &mut tx, &actor).await {
                Ok(key) => assert!(rotated && key.version.0 == 2),
                Err(refused) => assert!(!rotated && matches!(refused, Error::Beyond(_))),
            }
        }
    }
}
