use std::sync::Arc;
use std::time::Duration;

use domain::{Shop, StoreError};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use crate::{
    Actor, Attempt, Claim, Clock, Command, Conflict, Ctx, Error, IdempotencyQueries, Ids, KeyState, OpenTx, Storable,
    StoredResponse, Transactions, Tx,
};

/// How the runner retries.
#[derive(Debug, Clone, Copy)]
pub struct RunnerPolicy {
    /// The most attempts at a transaction that loses races.
    pub attempts: u32,
    /// How long all attempts together may take before their commit.
    pub deadline: Duration,
    /// How long an idempotency key is kept.
    pub keep_keys: Duration,
}

impl Default for RunnerPolicy {
    fn default() -> Self {
        Self { attempts: 10, deadline: Duration::from_secs(5), keep_keys: Duration::from_hours(24) }
    }
}

/// The response to a request that runs once for its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response<R> {
    /// The request ran now.
    First(R),
    /// The key was used before, and nothing was done now.
    Replayed(StoredResponse),
}

/// Runs commands, each in a transaction of its own. Nothing else begins, commits, rolls back or retries.
#[derive(Clone)]
pub struct Runner {
    transactions: Arc<dyn Transactions>,
    keys: Arc<dyn IdempotencyQueries>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    shop: Shop,
    policy: RunnerPolicy,
    actor: Option<Arc<Actor>>,
}

/// The work of one transaction.
#[async_trait::async_trait]
trait InTransaction: Sync {
    type Output: Send;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error>;
}

#[async_trait::async_trait]
impl<C: Command> InTransaction for C {
    type Output = C::Output;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<C::Output, Error> {
        Command::run(self, tx, ctx).await
    }
}

/// A command that runs once for its claim.
struct Once<'a, C, P> {
    claim: &'a Claim,
    command: &'a C,
    present: &'a P,
    keep_keys: Duration,
}

#[async_trait::async_trait]
impl<C, P, R> InTransaction for Once<'_, C, P>
where
    C: Command,
    P: Fn(&C::Output) -> R + Sync,
    R: Storable,
{
    type Output = Response<R>;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Response<R>, Error> {
        let state = tx.idempotency().claim(self.claim, ctx.now, ctx.now - self.keep_keys).await?;
        if let Some(stored) = replay(self.claim, state)? {
            return Ok(Response::Replayed(stored));
        }
        let output = self.command.run(tx, ctx).await?;
        let response = (self.present)(&output);
        tx.idempotency().store(self.claim, &response.to_stored(), ctx.now).await?;
        Ok(Response::First(response))
    }
}

impl Runner {
    /// A runner over `transactions`, which asks `keys` about the keys of refused requests.
    pub fn new(
        transactions: Arc<dyn Transactions>,
        keys: Arc<dyn IdempotencyQueries>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        shop: Shop,
        policy: RunnerPolicy,
    ) -> Self {
        Self { transactions, keys, clock, ids, shop, policy, actor: None }
    }

    /// The same runner for an administrator, whose changes go into the audit log.
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor: Some(Arc::new(actor)), ..self.clone() }
    }

    /// Runs a command in one transaction.
    ///
    /// # Errors
    /// What the command refuses, or what went wrong. Then nothing is kept.
    pub async fn run<C>(&self, command: C) -> Result<C::Output, Error>
    where
        C: Command + 'static,
        C::Output: 'static,
    {
        let runner = self.clone();
        self.to_the_end(async move { runner.retry(C::NAME, &command).await }).await
    }

    /// Runs a command once for its claim, if it has one. Key, effect and response are kept in one transaction, and the
    /// same request again gets the same response again.
    ///
    /// Without a claim `present` runs after the commit.
    ///
    /// # Errors
    /// As [`Runner::run`]; [`Error::KeyReused`] if the key was used for another request; a conflict while the first
    /// request still runs.
    pub async fn run_once<C, R>(
        &self,
        claim: Option<Claim>,
        command: C,
        present: impl Fn(&C::Output) -> R + Sync + Send + 'static,
    ) -> Result<Response<R>, Error>
    where
        C: Command + 'static,
        C::Output: 'static,
        R: Storable + 'static,
    {
        let Some(claim) = claim else {
            return Ok(Response::First(present(&self.run(command).await?)));
        };
        let runner = self.clone();
        self.to_the_end(async move { runner.once(&claim, &command, &present).await }).await
    }

    async fn once<C: Command, R: Storable>(
        &self,
        claim: &Claim,
        command: &C,
        present: &(impl Fn(&C::Output) -> R + Sync),
    ) -> Result<Response<R>, Error> {
        let keep_keys = self.policy.keep_keys;
        match self.retry(C::NAME, &Once { claim, command, present, keep_keys }).await {
            // The first attempt assumes that the key is new. A request that is sent again may be refused for what the
            // first one did, and is then to get its response.
            Err(refusal) if refusal.is_refusal() => {
                let state = self.keys.find(claim, self.clock.now() - keep_keys).await?;
                replay(claim, state)?.map(Response::Replayed).ok_or(refusal)
            }
            result => result,
        }
    }

    /// Runs work to its end, also if the caller does not wait for it any more.
    async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let (done, result) = oneshot::channel();
        let work = async move {
            // Nobody listens if the client has gone away.
            done.send(work.await).ok();
        };
        self.transactions.spawn(Box::pin(work.instrument(Span::current())));
        result.await.unwrap_or_else(|panicked| Err(Error::Internal(panicked.into())))
    }

    async fn retry<W: InTransaction>(&self, name: &'static str, work: &W) -> Result<W::Output, Error> {
        let deadline = Instant::now() + self.policy.deadline;
        let mut attempt = Attempt::Optimistic;
        for number in 1..self.policy.attempts {
            match self.attempt(work, attempt, deadline).await {
                Err(Error::Raced(cause)) if Instant::now() < deadline => {
                    tracing::debug!(command = name, attempt = number, error = %cause, "lost a race, will try again");
                    sleep(pause(number)).await;
                    attempt = Attempt::Careful;
                }
                result => return result.map_err(give_up),
            }
        }
        self.attempt(work, attempt, deadline).await.map_err(give_up)
    }

    async fn attempt<W: InTransaction>(
        &self,
        work: &W,
        attempt: Attempt,
        deadline: Instant,
    ) -> Result<W::Output, Error> {
        let mut tx = within(deadline, self.transactions.begin(attempt)).await??;
        let ctx = Ctx { now: self.clock.now(), ids: self.ids.as_ref(), shop: self.shop, actor: self.actor.as_deref() };
        let result = within(deadline, work.run(tx.repositories(), &ctx)).await;
        match result.and_then(|inner| inner) {
            Ok(output) => {
                tx.commit().await?;
                Ok(output)
            }
            Err(refusal) => Err(undo(tx).await.unwrap_or(refusal)),
        }
    }
}

/// The response to give again; `None` if the request is to be run.
fn replay(claim: &Claim, state: KeyState) -> Result<Option<StoredResponse>, Error> {
    match state {
        KeyState::New => Ok(None),
        KeyState::Used(fingerprint, _) if fingerprint != claim.fingerprint => Err(Error::KeyReused),
        KeyState::Used(_, stored) => Ok(Some(stored)),
        // Running it again would bring back what the customer had erased.
        KeyState::Erased => Err(Error::NotFound("customer")),
        KeyState::Running => Err(Conflict::StillRunning.into()),
    }
}

/// Rolls back. The refusal that led to it is the answer, unless it rests on data that was never committed.
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

/// Ends work that is not done by `deadline`. Nothing was committed then: commits are not ended.
async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T, Error> {
    let late = |_| Error::Unavailable(StoreError::Unavailable("no answer before the deadline".into()));
    timeout_at(deadline, work).await.map_err(late)
}

/// A race that every attempt lost is the database's trouble, not the client's.
fn give_up(error: Error) -> Error {
    match error {
        Error::Raced(cause) => Error::Unavailable(cause),
        other => other,
    }
}

/// A random pause that grows with each attempt, so that rivals do not meet again.
#[expect(clippy::disallowed_methods, reason = "how long it waits enters no data")]
fn pause(attempt: u32) -> Duration {
    let longest = 5_u64.saturating_mul(1 << attempt.min(6));
    Duration::from_millis(rand::random_range(0..=longest))
}

#[cfg(test)]
mod tests;
