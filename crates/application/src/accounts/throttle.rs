use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{Account, AccountQueries, LoginName, Network, ThrottleKey, ThrottlePolicy};

use crate::{Clock, Command, Ctx, Error, Runner, Tx};

/// Limits how often a password can be guessed.
#[derive(Clone)]
pub struct Throttle {
    /// Reads the failures so far.
    pub accounts: Arc<dyn AccountQueries>,
    /// Runs the command that records a failure.
    pub runner: Runner,
    /// The source of the current time.
    pub clock: Arc<dyn Clock>,
    /// The limits.
    pub policy: ThrottlePolicy,
}

impl Throttle {
    /// The keys under which a failed guess would be counted.
    ///
    /// # Errors
    /// [`Error::TooMany`] if one of them has reached its limit.
    pub(super) async fn admit(
        &self,
        name: Option<LoginName>,
        account: Option<&Account>,
        from: Network,
    ) -> Result<Vec<ThrottleKey>, Error> {
        let of_account = match account {
            Some(account) if self.accounts.knows(account.id, from).await? => Some(ThrottleKey::Known(account.id, from)),
            // An account has one count, by whatever name it is meant.
            Some(account) => Some(ThrottleKey::Account(account.username.clone())),
            None => name.map(ThrottleKey::from),
        };
        let keys: Vec<_> = of_account.into_iter().chain([ThrottleKey::Address(from)]).collect();
        let now = self.clock.now();
        let counts = self.accounts.login_failures(&keys).await?;
        let waits = keys.iter().zip(counts).filter_map(|(key, count)| self.policy.wait(key, count?, now));
        waits.max().map_or(Ok(keys), |retry_after| Err(Error::TooMany { retry_after }))
    }

    /// Counts a failure under each of `keys`.
    pub(super) async fn record(&self, keys: Vec<ThrottleKey>) -> Result<(), Error> {
        self.runner.run(RecordFailure { keys, policy: self.policy }).await
    }
}

struct RecordFailure {
    keys: Vec<ThrottleKey>,
    policy: ThrottlePolicy,
}

#[async_trait]
impl Command for RecordFailure {
    type Output = ();
    const NAME: &'static str = "accounts.record_login_failure";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.login_failures().record(&self.keys, &self.policy, ctx.now).await?)
    }
}
