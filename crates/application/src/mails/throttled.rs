use async_trait::async_trait;
use domain::accounts::{FailureCount, Network, ThrottleKey, ThrottlePolicy};
use domain::mails::TOKEN_THROTTLE;

use crate::{Command, Ctx, Error, Tx};

/// Counts something under these keys.
///
/// # Errors
/// [`Error::TooMany`] if one of them is beyond its limit.
pub(super) async fn count(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    policy: &ThrottlePolicy,
    keys: &[ThrottleKey],
) -> Result<(), Error> {
    let counts = tx.login_failures().record(keys, policy, ctx.now).await?;
    let wait = |(key, count): (&ThrottleKey, Option<FailureCount>)| policy.wait_with(key, count?, ctx.now);
    let waits = keys.iter().zip(counts).filter_map(wait);
    waits.max().map_or(Ok(()), |retry_after| Err(Error::TooMany { retry_after }))
}

/// Counts that a client tries a one-time token, before anything is looked up.
#[derive(Debug, Clone, Copy)]
pub struct CountTokenTry(pub Network);

#[async_trait]
impl Command for CountTokenTry {
    type Output = ();
    const NAME: &'static str = "mail.count_token_try";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        count(tx, ctx, &TOKEN_THROTTLE, &[ThrottleKey::TokensFrom(self.0)]).await
    }
}
