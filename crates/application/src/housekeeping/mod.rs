//! Housekeeping: receives due restocks and purges expired rows at regular intervals.

mod last_runs;
mod lease;
mod reads;
mod run;
mod service_tasks;
mod tasks;
mod work;

#[cfg(test)]
mod testing;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::products::ProductQueries;
use domain::{UtcDateTime, Uuid};
use tokio::time::Instant;

use self::last_runs::{RecordRuns, Runs};
use self::lease::TakeLease;
pub use self::reads::HousekeepingReads;
use self::reads::PlaceInCarts;
use self::run::{Leased, Run};
use self::service_tasks::ServiceTask;
use self::work::Work;
use crate::media::Pictures;
use crate::payments::Payments;
use crate::products::MoveScheduled;
use crate::{Error, Runner};

/// The most rows that one transaction changes, to keep its locks short.
const BATCH: u64 = 500;

/// The name of the task that gives products their status, in the log and in the table of leases.
const SCHEDULE: &str = "schedule_products";

/// How long the lease keeps the task from running again: slightly less than the second between two looks for due
/// products.
const SCHEDULE_RESTS: Duration = Duration::from_millis(900);

/// The settings of housekeeping.
#[derive(Debug, Clone, Copy)]
pub struct HousekeepingPolicy {
    /// Interval between two rounds, for all servers together.
    pub every: Duration,
    /// How long an idempotency key is kept.
    pub keep_keys: Duration,
    /// Lifetime of access tokens. A login is alive while it has refresh tokens, so expired ones are kept as long.
    pub access_tokens_last: Duration,
    /// How long failed logins count.
    pub failure_window: Duration,
    /// How long an empty cart is kept.
    pub keep_empty_carts: Duration,
    /// How long an event is kept.
    pub keep_events: Duration,
    /// How long the rows of an import are kept after its end.
    pub keep_import_rows: Duration,
    /// How long a customer may do nothing before it is erased; `None` for as long as it wants.
    pub erase_idle_after: Option<Duration>,
    /// Age at which a restock is received automatically; `None` for never.
    pub auto_receive_after: Option<Duration>,
}

/// Runs the tasks. In each round, each task runs on one of the servers that share a database.
#[derive(Clone)]
pub struct Housekeeping {
    runner: Runner,
    policy: HousekeepingPolicy,
    holder: Uuid,
    reads: HousekeepingReads,
    payments: Option<Payments>,
    pictures: Option<Pictures>,
    carts: Arc<Mutex<PlaceInCarts>>,
    /// Where tasks go on that the last round has not finished, by their names.
    unfinished: Arc<Mutex<HashMap<&'static str, Leased>>>,
    runs: Runs,
}

impl Housekeeping {
    /// Housekeeping by the server with the id `holder`.
    pub fn new(runner: Runner, policy: HousekeepingPolicy, holder: Uuid, reads: HousekeepingReads) -> Self {
        let (carts, unfinished, runs) = (Arc::default(), Arc::default(), Runs::default());
        Self { runner, policy, holder, reads, payments: None, pictures: None, carts, unfinished, runs }
    }

    /// Housekeeping of a shop that takes payments.
    #[must_use]
    pub fn paid_by(self, payments: Payments) -> Self {
        Self { payments: Some(payments), ..self }
    }

    /// Housekeeping of a shop that has a place for pictures.
    #[must_use]
    pub fn keeping(self, pictures: Pictures) -> Self {
        Self { pictures: Some(pictures).filter(Pictures::has_store), ..self }
    }

    /// All tasks. Those that customers wait for come first.
    fn tasks(&self) -> Vec<Work> {
        let restocks = self.policy.auto_receive_after.map(tasks::receive_restocks).map(Work::Stored);
        let payments = self.payments.iter().flat_map(ServiceTask::of_payments);
        let carts = ServiceTask::PurgeCarts(self.reads.clone(), self.policy.keep_empty_carts, self.carts.clone());
        let idle = self.policy.erase_idle_after;
        let idle = idle.map(|idle_for| ServiceTask::EraseIdle(self.reads.clone(), idle_for, None));
        let media = self.pictures.iter().cloned().map(|pictures| ServiceTask::SweepMedia(pictures, String::new()));
        let first = restocks.into_iter().chain(payments.map(Work::Service));
        let rest = [carts].into_iter().chain(idle).chain(media).map(Work::Service);
        first.chain(tasks::of_rows(self.policy).map(Work::Stored)).chain(rest).collect()
    }

    /// Runs each task whose lease is free. A failure is logged, and the next round tries again.
    ///
    /// Each task has one turn after the other, as long as it has something to do and the round lasts. What is left then
    /// goes on in the next round, so that no task waits for another one's backlog.
    pub async fn round(&self) {
        let ends = Instant::now() + self.policy.every;
        let (mut left, mut done) = (VecDeque::new(), Vec::new());
        for task in self.tasks() {
            if let Some(mut run) = self.take_up(task).await {
                run.turn(&self.runner).await;
                if run.has_more() { left.push_back(run) } else { done.push(run) }
            }
        }
        while Instant::now() < ends
            && let Some(mut run) = left.pop_front()
        {
            run.turn(&self.runner).await;
            if run.has_more() { left.push_back(run) } else { done.push(run) }
        }
        for run in done.into_iter().chain(left) {
            self.end(run);
        }
        self.record().await;
    }

    /// Gives products the status that their times want, if it is time for any. `now` is the time of the database. Only
    /// then a lease is taken, so that a shop where nothing is due writes nothing.
    pub async fn schedule(&self, products: &dyn ProductQueries, now: UtcDateTime) {
        let began = Instant::now();
        let result = self.move_scheduled(products, now).await;
        if !matches!(result, Ok(0)) {
            self.end(Run::of(SCHEDULE, began.elapsed(), result));
        }
    }

    async fn move_scheduled(&self, products: &dyn ProductQueries, now: UtcDateTime) -> Result<u64, Error> {
        if !products.is_due(now).await? || !self.takes(SCHEDULE, SCHEDULE_RESTS).await? {
            return Ok(0);
        }
        let mut done = 0;
        loop {
            let found = self.runner.run(MoveScheduled { limit: BATCH }).await?;
            done += found;
            if found < BATCH {
                return Ok(done);
            }
        }
    }

    /// Starts the run of a task if this server holds or gets its lease. It goes on where the last round stopped, or
    /// starts from the beginning.
    async fn take_up(&self, task: Work) -> Option<Run> {
        let (name, began) = (task.name(), Instant::now());
        let mut left = self.unfinished().remove(name);
        // Nobody else does it meanwhile, however long it rests once it has ended.
        if let Some(held) = left.take_if(|left| began < left.until) {
            return Some(Run::new(held));
        }
        let lasts = task.rests_for(self.policy.every);
        match self.takes(name, lasts).await {
            Ok(true) => {
                let work = left.map_or(task, |left| left.work);
                Some(Run::new(Leased { work, until: began + lasts }))
            }
            Ok(false) => None,
            Err(error) => {
                self.end(Run::of(name, began.elapsed(), Err(error)));
                None
            }
        }
    }

    /// Logs what a run has done, and keeps the rest of its work for the next round.
    fn end(&self, run: Run) {
        run.report();
        self.runs.add(run.ended(self.reads.clock.now()));
        if let Some((name, work)) = run.rest() {
            self.unfinished().insert(name, work);
        }
    }

    /// Stores the last runs of tasks, for the page *System* of the office.
    async fn record(&self) {
        let runs = self.runs.due();
        if runs.is_empty() {
            return;
        }
        match self.runner.run(RecordRuns(runs.clone())).await {
            Ok(()) => self.runs.forget(&runs),
            Err(error) => tracing::debug!(%error, "the runs of tasks were not written down"),
        }
    }

    fn unfinished(&self) -> MutexGuard<'_, HashMap<&'static str, Leased>> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn takes(&self, task: &'static str, lasts: Duration) -> Result<bool, Error> {
        self.runner.run(TakeLease { task, holder: self.holder, lasts }).await
    }
}

#[cfg(test)]
mod tests;
