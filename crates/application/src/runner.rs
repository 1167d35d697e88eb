use std::sync::Arc;
use std::time::Duration;

use domain::mails::MailSwitches;
use domain::payments::Settings;
use domain::pricing::{Calendar, Utc};
use domain::{Shop, StoreError};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use crate::{
    Actor, Attempt, Claim, Clock, Command, Conflict, Ctx, Error, IdempotencyQueries, Ids, KeyState, OpenTx, Storable,
    StoredResponse, Transactions, Tx,
};

/// The limits of the runner.
#[derive(Debug, Clone, Copy)]
pub struct RunnerPolicy {
    /// The most attempts of a transaction that loses races.
    pub attempts: u32,
    /// Time limit of all attempts together, without the commit.
    pub deadline: Duration,
    /// How long an idempotency key is kept.
    pub keep_keys: Duration,
}

impl Default for RunnerPolicy {
    fn default() -> Self {
        Self { attempts: 10, deadline: Duration::from_secs(5), keep_keys: Duration::from_hours(24) }
    }
}

/// The result of a request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response<R> {
    /// The request was run.
    First(R),
    /// The key was used before: the stored response, and nothing was done.
    Replayed(StoredResponse),
}

/// Runs commands, each in its own transaction. Only the runner begins, commits, rolls back and retries.
#[derive(Clone)]
pub struct Runner {
    transactions: Arc<dyn Transactions>,
    keys: Arc<dyn IdempotencyQueries>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    shop: Shop,
    calendar: Arc<dyn Calendar>,
    payments: Arc<Settings>,
    mails: MailSwitches,
    requires_verified_email: bool,
    stores_pictures: bool,
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
    /// A runner that begins its transactions with `transactions`, and looks up keys of refused requests in `keys`.
    pub fn new(
        transactions: Arc<dyn Transactions>,
        keys: Arc<dyn IdempotencyQueries>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        shop: Shop,
        policy: RunnerPolicy,
    ) -> Self {
        Self {
            transactions,
            keys,
            clock,
            ids,
            shop,
            calendar: Arc::new(Utc),
            payments: Arc::default(),
            mails: MailSwitches::default(),
            requires_verified_email: false,
            stores_pictures: false,
            policy,
            actor: None,
        }
    }

    /// A runner of a shop that counts its days by this calendar, and not in UTC.
    #[must_use]
    pub fn in_days_of(self, calendar: Arc<dyn Calendar>) -> Self {
        Self { calendar, ..self }
    }

    /// A runner of a shop that is paid by these settings, and not by the default ones.
    #[must_use]
    pub fn paid_by(self, payments: Arc<Settings>) -> Self {
        Self { payments, ..self }
    }

    /// The same runner for a shop that sends these mails.
    #[must_use]
    pub fn mailing(self, mails: MailSwitches) -> Self {
        Self { mails, ..self }
    }

    /// A runner of a shop where only customers who have proved their email address may order, if it is required.
    #[must_use]
    pub fn requiring_verified_email(self, requires_verified_email: bool) -> Self {
        Self { requires_verified_email, ..self }
    }

    /// A runner of a shop that has a place for pictures, or none.
    #[must_use]
    pub fn storing_pictures(self, stores_pictures: bool) -> Self {
        Self { stores_pictures, ..self }
    }

    /// A runner for acting staff or an API key, whose changes are recorded in the audit log.
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor: Some(Arc::new(actor)), ..self.clone() }
    }

    /// Whether its commands are for staff or an API key, whose changes go into the audit log.
    pub const fn is_for_staff(&self) -> bool {
        self.actor.is_some()
    }

    /// A runner whose commands may take so long, and not as long as usual.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { policy: RunnerPolicy { deadline, ..self.policy }, ..self.clone() }
    }

    /// Runs a command in one transaction.
    ///
    /// # Errors
    /// A refusal of the command, or a failure. Nothing is committed.
    pub async fn run<C>(&self, command: C) -> Result<C::Output, Error>
    where
        C: Command + 'static,
        C::Output: 'static,
    {
        let runner = self.clone();
        self.to_the_end(async move { runner.retry(C::NAME, &command).await }).await
    }

    /// Runs a command once for its claim, if it has one. Key, effect and response are committed in one transaction, and
    /// a repeated request gets the stored response.
    ///
    /// Without a claim `present` runs after the commit.
    ///
    /// # Errors
    /// As [`Runner::run`]; [`Error::KeyReused`] if the key was used for another request; a conflict while the first
    /// request is still running.
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
            // The first attempt assumes that the key is new. A repeated request may then be refused because of the
            // effect of the first one, and must get its stored response instead.
            Err(refusal) if refusal.is_refusal() => {
                let state = self.keys.find(claim, self.clock.now() - keep_keys).await?;
                replay(claim, state)?.map(Response::Replayed).ok_or(refusal)
            }
            result => result,
        }
    }

    /// Runs work to its end, even if the caller stops waiting.
    async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let (done, result) = oneshot::channel();
        let work = async move {
            // The receiver is gone if the client has disconnected.
            done.send(work.await).ok();
        };
        self.transactions.spawn(Box::pin(work.instrument(Span::current())));
        result.await.unwrap_or_else(|panicked| Err(Error::Internal(panicked.into())))
    }

    /// Compiled once for each output, and not for each command: that keeps the binary smaller by half a megabyte and more.
    async fn retry<T: Send>(&self, name: &'static str, work: &dyn InTransaction<Output = T>) -> Result<T, Error> {
        let deadline = Instant::now() + self.policy.deadline;
        let mut attempt = Attempt::Optimistic;
        for number in 1..self.policy.attempts {
            match self.attempt(work, attempt, deadline).await {
                Err(Error::Raced(cause)) if Instant::now() < deadline => {
                    tracing::debug!(command = name, attempt = number, error = %cause, "lost a race, will try again");
                    sleep(pause(number)).await;
                    attempt = Attempt::Careful;
                }
                result => return result.map_err(unavailable_if_raced),
            }
        }
        self.attempt(work, attempt, deadline).await.map_err(unavailable_if_raced)
    }

    async fn attempt<T: Send>(
        &self,
        work: &dyn InTransaction<Output = T>,
        attempt: Attempt,
        deadline: Instant,
    ) -> Result<T, Error> {
        let mut tx = within(deadline, self.transactions.begin(attempt)).await??;
        let ctx = Ctx {
            now: self.clock.now(),
            ids: self.ids.as_ref(),
            shop: self.shop,
            calendar: self.calendar.as_ref(),
            payments: self.payments.as_ref(),
            mails: self.mails,
            requires_verified_email: self.requires_verified_email,
            stores_pictures: self.stores_pictures,
            actor: self.actor.as_deref(),
        };
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

/// The stored response; `None` if the request must run.
fn replay(claim: &Claim, state: KeyState) -> Result<Option<StoredResponse>, Error> {
    match state {
        KeyState::New => Ok(None),
        KeyState::Used(fingerprint, _) if !claim.is_of(fingerprint) => Err(Error::KeyReused),
        KeyState::Used(_, stored) => Ok(Some(stored)),
        // Running it again would restore erased personal data.
        KeyState::Erased => Err(Error::NotFound("customer")),
        KeyState::Running => Err(Conflict::StillRunning.into()),
    }
}

/// Rolls back. Returns an error if the refusal is based on data that was never committed, so that it is retried.
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

/// Cancels work that is not done by `deadline`. Nothing is committed then, because commits are not cancelled.
async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T, Error> {
    let late = |_| Error::Unavailable(StoreError::Unavailable("no answer before the deadline".into()));
    timeout_at(deadline, work).await.map_err(late)
}

/// A race that every attempt lost is reported as an unavailable database.
fn unavailable_if_raced(error: Error) -> Error {
    match error {
        Error::Raced(cause) => Error::Unavailable(cause),
        other => other,
    }
}

/// A random time to wait before the next attempt. Its limit grows with each attempt, so that competing transactions do
/// not collide again.
#[expect(clippy::disallowed_methods, reason = "how long it waits enters no data")]
fn pause(attempt: u32) -> Duration {
    let longest = 5_u64.saturating_mul(1 << attempt.min(6));
    Duration::from_millis(rand::random_range(0..=longest))
}

#[cfg(test)]
mod tests;
