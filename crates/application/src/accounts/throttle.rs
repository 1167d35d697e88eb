use std::sync::Arc;

use async_trait::async_trait;
use domain::UtcDateTime;
use domain::accounts::{Account, AccountQueries, FailureCount, LoginName, Network, ThrottleKey, ThrottlePolicy};

use super::gate::{GatePermit, Gates};
use crate::{Clock, Command, Ctx, Error, Runner, Tx};

/// Limits how often a password can be guessed.
///
/// An attempt is counted as a failure before its password is checked, and forgiven if it turns out to be right. So
/// guesses that come at once are not checked beyond the limit, on however many servers.
#[derive(Clone)]
pub struct Throttle {
    /// Reads the failures so far.
    pub accounts: Arc<dyn AccountQueries>,
    /// Runs the commands that count.
    pub runner: Runner,
    /// The source of the current time.
    pub clock: Arc<dyn Clock>,
    /// The limits.
    pub policy: ThrottlePolicy,
    /// Lets a few attempts for one account in at a time, so that right ones that come at once are not counted beyond the
    /// limit.
    pub gates: Arc<Gates>,
}

/// An attempt that is counted, and may be checked.
pub(super) struct Admitted<'a> {
    /// The keys under which it is counted.
    pub keys: Vec<ThrottleKey>,
    _permit: GatePermit<'a>,
}

impl Throttle {
    /// Counts an attempt under the name of the account and the address of the client.
    ///
    /// # Errors
    /// [`Error::TooMany`] if one of them has reached its limit, and then nothing is counted; [`Error::Busy`] if too many
    /// attempts for this account wait.
    pub(super) async fn admit(
        &self,
        name: Option<LoginName>,
        account: Option<&Account>,
        from: Network,
    ) -> Result<Admitted<'_>, Error> {
        let of_account = match account {
            Some(account) if self.accounts.knows(account.id, from).await? => Some(ThrottleKey::Known(account.id, from)),
            // An account has one count, by whatever name it is meant.
            Some(account) => Some(ThrottleKey::Account(account.username.clone())),
            None => name.map(ThrottleKey::from),
        };
        let keys: Vec<_> = of_account.into_iter().chain([ThrottleKey::Address(from)]).collect();
        // Most of what comes in masses is refused here, and writes nothing.
        self.refuse_beyond_limits(&keys).await?;
        let permit = self.gates.enter(keys.first().unwrap_or(&ThrottleKey::Address(from))).await?;
        self.runner.run(CountAttempt { keys: keys.clone(), policy: self.policy }).await?;
        Ok(Admitted { keys, _permit: permit })
    }

    async fn refuse_beyond_limits(&self, keys: &[ThrottleKey]) -> Result<(), Error> {
        let now = self.clock.now();
        let counts = self.accounts.login_failures(keys).await?;
        if counts.iter().flatten().any(|count| count.is_ahead(now)) {
            self.runner.run(BringBack(keys.to_vec())).await?;
        }
        let wait = |key: &ThrottleKey, count: FailureCount| self.policy.wait(key, count, now);
        refuse_longest(keys, counts, wait)
    }

    /// Takes back what [`Self::admit`] has counted: the attempt was no wrong guess. Where that fails, one failure too many
    /// stays counted: what was attempted is done, and its answer does not depend on it.
    pub(super) async fn forgive(&self, keys: Vec<ThrottleKey>) {
        if let Err(error) = self.runner.run(Forgive(keys)).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a right password stays counted as a failure");
        }
    }
}

fn refuse_longest(
    keys: &[ThrottleKey],
    counts: Vec<Option<FailureCount>>,
    wait: impl Fn(&ThrottleKey, FailureCount) -> Option<std::time::Duration>,
) -> Result<(), Error> {
    let waits = keys.iter().zip(counts).filter_map(|(key, count)| wait(key, count?));
    waits.max().map_or(Ok(()), |retry_after| Err(Error::TooMany { retry_after }))
}

struct CountAttempt {
    keys: Vec<ThrottleKey>,
    policy: ThrottlePolicy,
}

#[async_trait]
impl Command for CountAttempt {
    type Output = ();
    const NAME: &'static str = "accounts.count_attempt";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let counts = tx.login_failures().record(&self.keys, &self.policy, ctx.now).await?;
        let now: UtcDateTime = ctx.now;
        refuse_longest(&self.keys, counts, |key, count| self.policy.wait_with(key, count, now))
    }
}

struct Forgive(Vec<ThrottleKey>);

#[async_trait]
impl Command for Forgive {
    type Output = ();
    const NAME: &'static str = "accounts.forgive_attempt";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.login_failures().forgive(&self.0).await?)
    }
}

struct BringBack(Vec<ThrottleKey>);

#[async_trait]
impl Command for BringBack {
    type Output = ();
    const NAME: &'static str = "accounts.bring_lockouts_back";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.login_failures().bring_back(&self.0, ctx.now).await?)
    }
}
