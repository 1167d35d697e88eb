use std::sync::Arc;
use std::time::Duration;

use domain::{Shop, StoreError};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use crate::{Actor, Answer, Claim, Claimed, Clock, Command, Conflict, Ctx, Error, Ids, OpenTx, Transactions, Tx};

/// How the runner deals with trouble.
#[derive(Debug, Clone, Copy)]
pub struct RunnerPolicy {
    /// How often a transaction that lost a race is run in all.
    pub attempts: u32,
    /// How long one request may take before its commit, all attempts together.
    pub deadline: Duration,
    /// How long an idempotency key is kept.
    pub keep_keys: Duration,
}

impl Default for RunnerPolicy {
    fn default() -> Self {
        Self { attempts: 10, deadline: Duration::from_secs(5), keep_keys: Duration::from_hours(24) }
    }
}

/// An answer and whether it was given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayable {
    /// The answer.
    pub answer: Answer,
    /// True if the key was used before, and nothing was done now.
    pub replayed: bool,
}

/// Runs commands, each in a transaction of its own. Nothing else begins, commits, rolls back or retries.
#[derive(Clone)]
pub struct Runner {
    transactions: Arc<dyn Transactions>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    shop: Shop,
    policy: RunnerPolicy,
    runtime: Handle,
    actor: Option<Arc<Actor>>,
}

/// One attempt at something, within a transaction.
#[async_trait::async_trait]
trait Attempt: Sync {
    type Output: Send;
    /// `before` is how many attempts there were already.
    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, before: u32) -> Result<Self::Output, Error>;

    /// Whether the first attempt took something for granted, without which it may not be refused like this.
    fn bets(&self, _refusal: &Error) -> bool {
        false
    }
}

struct Plain<C>(C);

#[async_trait::async_trait]
impl<C: Command> Attempt for Plain<C> {
    type Output = C::Output;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, _: u32) -> Result<C::Output, Error> {
        self.0.run(tx, ctx).await
    }
}

struct Once<C, P> {
    claim: Option<Claim>,
    command: C,
    present: P,
    keep_keys: Duration,
}

#[async_trait::async_trait]
impl<C, P> Attempt for Once<C, P>
where
    C: Command,
    P: Fn(&C::Output) -> Answer + Sync,
{
    type Output = Replayable;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, before: u32) -> Result<Replayable, Error> {
        let asks = before > 0;
        if let Some(claim) = self.claim.as_ref().filter(|_| asks) {
            match tx.idempotency().claim(claim, ctx.now, ctx.now - self.keep_keys).await? {
                Claimed::New => {}
                Claimed::Before(fingerprint, _) if fingerprint != claim.fingerprint => return Err(Error::KeyReused),
                Claimed::Before(_, answer) => return Ok(Replayable { answer, replayed: true }),
                // What the first request made is gone; made again, it would be there against the customer's will.
                Claimed::Erased => return Err(Error::NotFound("customer")),
                Claimed::Running => return Err(Conflict::StillRunning.into()),
            }
        }
        let output = self.command.run(tx, ctx).await?;
        let answer = (self.present)(&output);
        match &self.claim {
            Some(claim) if asks => tx.idempotency().answer(claim, &answer).await?,
            Some(claim) => tx.idempotency().keep_new(claim, &answer, ctx.now).await?,
            None => {}
        }
        Ok(Replayable { answer, replayed: false })
    }

    /// Most keys are new, so that the first attempt bets on it. Whoever loses the bet has lost a race; and whoever was
    /// refused may have repeated what was not.
    fn bets(&self, refusal: &Error) -> bool {
        self.claim.is_some() && !matches!(refusal, Error::Unavailable(_) | Error::Internal(_))
    }
}

impl Runner {
    /// A runner over `transactions`, whose work is done on `runtime`.
    pub fn new(
        transactions: Arc<dyn Transactions>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        shop: Shop,
        policy: RunnerPolicy,
        runtime: Handle,
    ) -> Self {
        Self { transactions, clock, ids, shop, policy, runtime, actor: None }
    }

    /// The same runner for an administrator, whose changes are kept in the audit log.
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor: Some(Arc::new(actor)), ..self.clone() }
    }

    /// Runs a command in one transaction.
    ///
    /// # Errors
    /// What the command refuses, or what went wrong; then nothing is kept.
    pub async fn run<C>(&self, command: C) -> Result<C::Output, Error>
    where
        C: Command + 'static,
        C::Output: 'static,
    {
        let runner = self.clone();
        self.apart(async move { runner.retry(C::NAME, &Plain(command)).await }).await
    }

    /// Runs a command once for each claim. Key, effect and answer are kept in one transaction, and the same claim
    /// again gives the same answer again.
    ///
    /// # Errors
    /// As [`Runner::run`]; [`Error::KeyReused`] if the key was used for another request; a conflict while the first
    /// request still runs.
    pub async fn run_once<C: Command + 'static>(
        &self,
        claim: Option<Claim>,
        command: C,
        present: impl Fn(&C::Output) -> Answer + Sync + Send + 'static,
    ) -> Result<Replayable, Error> {
        let runner = self.clone();
        let once = Once { claim, command, present, keep_keys: self.policy.keep_keys };
        self.apart(async move { runner.retry(C::NAME, &once).await }).await
    }

    /// Does work on the runtime of the runner: neither a client that goes away nor a worker that ends breaks it off.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let done = self.runtime.spawn(work.instrument(Span::current())).await;
        done.unwrap_or_else(|panicked| Err(Error::Internal(panicked.into())))
    }

    async fn retry<A: Attempt>(&self, name: &'static str, work: &A) -> Result<A::Output, Error> {
        let deadline = Instant::now() + self.policy.deadline;
        for attempt in 1..self.policy.attempts {
            match self.attempt(work, attempt - 1, deadline).await {
                Err(Error::Raced(cause)) if Instant::now() < deadline => {
                    tracing::debug!(command = name, attempt, error = %cause, "lost a race, will try again");
                    sleep(pause(attempt)).await;
                }
                Err(refusal) if attempt == 1 && work.bets(&refusal) => {}
                result => return result.map_err(give_up),
            }
        }
        self.attempt(work, self.policy.attempts, deadline).await.map_err(give_up)
    }

    async fn attempt<A: Attempt>(&self, work: &A, before: u32, deadline: Instant) -> Result<A::Output, Error> {
        let mut tx = within(deadline, self.transactions.begin()).await??;
        let actor = self.actor.as_deref();
        let ctx = Ctx { now: self.clock.now(), ids: self.ids.as_ref(), shop: self.shop, actor, may_bet: before == 0 };
        let result = within(deadline, work.run(tx.repositories(), &ctx, before)).await;
        match result.and_then(|inner| inner) {
            Ok(output) => {
                tx.commit().await?;
                Ok(output)
            }
            Err(refusal) => Err(undo(tx).await.unwrap_or(refusal)),
        }
    }
}

/// Rolls back. The refusal that led to it is the answer, unless it rested on what was never kept.
async fn undo(tx: Box<dyn OpenTx>) -> Option<Error> {
    match tx.rollback().await {
        Ok(()) => None,
        Err(raced @ StoreError::Raced(_)) => Some(raced.into()),
        Err(error) => {
            tracing::debug!(%error, "rollback failed; the database undoes the transaction by itself");
            None
        }
    }
}

/// Ends what is not done by `deadline`. Nothing was committed then, since commits are not ended.
async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T, Error> {
    let late = |_| Error::Unavailable(StoreError::Unavailable("no answer before the deadline".into()));
    timeout_at(deadline, work).await.map_err(late)
}

/// Races that were lost to the end are the database's trouble, not the client's.
fn give_up(error: Error) -> Error {
    match error {
        Error::Raced(cause) => Error::Unavailable(cause),
        other => other,
    }
}

/// A random pause that grows with each attempt, so that rivals do not meet again.
fn pause(attempt: u32) -> Duration {
    let longest = 5_u64.saturating_mul(1 << attempt.min(6));
    Duration::from_millis(rand::random_range(0..=longest))
}

#[cfg(test)]
mod tests;
