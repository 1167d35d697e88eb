//! Housekeeping: receives due restocks and purges expired rows at regular intervals.

mod lease;
mod service_tasks;
mod tasks;

#[cfg(test)]
mod testing;

use std::time::Duration;

use domain::products::ProductQueries;
use domain::{UtcDateTime, Uuid};

use self::lease::TakeLease;
use self::service_tasks::ServiceTask;
use self::tasks::{Task, tasks};
use crate::media::Pictures;
use crate::payments::Payments;
use crate::products::MoveScheduled;
use crate::{Error, Runner};

/// The most rows that one transaction changes, to keep its locks short.
const BATCH: u64 = 500;

/// The name of the task that gives products their status, in the log and in the table of leases.
const SCHEDULE: &str = "schedule_products";

/// How long it is not done again: shortly less than the second after which it is looked for.
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
    payments: Option<Payments>,
    pictures: Option<Pictures>,
}

impl Housekeeping {
    /// Housekeeping by the server with the id `holder`.
    pub fn new(runner: Runner, policy: HousekeepingPolicy, holder: Uuid) -> Self {
        Self { runner, policy, holder, payments: None, pictures: None }
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

    /// Runs each task whose lease is free. A failure is logged, and the next round tries again.
    pub async fn round(&self) {
        for task in tasks(self.policy) {
            let name = task.name();
            report(name, self.run(task).await);
        }
        let of_media = self.pictures.iter().cloned().map(ServiceTask::SweepMedia);
        for task in self.payments.iter().flat_map(ServiceTask::all).chain(of_media) {
            let name = task.name();
            report(name, self.run_service(task).await);
        }
    }

    /// Gives products the status that their times want, if it is time for any. `now` is the time of the database. Only
    /// then a lease is taken, so that a shop where nothing is due writes nothing.
    pub async fn schedule(&self, products: &dyn ProductQueries, now: UtcDateTime) {
        report(SCHEDULE, self.move_scheduled(products, now).await);
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

    /// Runs all batches of a task if this server gets its lease. Returns how many rows changed.
    async fn run(&self, task: Task) -> Result<u64, Error> {
        if !self.takes(task.name(), task.rests_for(self.policy.every)).await? {
            return Ok(0);
        }
        let (mut done, mut next) = (0, Some(task));
        while let Some(task) = next {
            let batch = self.runner.run(task).await?;
            done += batch.done;
            next = batch.next;
        }
        Ok(done)
    }

    /// Runs a task of a service if this server gets its lease. Returns how much was done.
    async fn run_service(&self, task: ServiceTask) -> Result<u64, Error> {
        if !self.takes(task.name(), task.rests_for(self.policy.every)).await? {
            return Ok(0);
        }
        task.run(&self.runner).await
    }

    async fn takes(&self, task: &'static str, lasts: Duration) -> Result<bool, Error> {
        self.runner.run(TakeLease { task, holder: self.holder, lasts }).await
    }
}

/// Says what a task has done. A failure is not the end: the next round tries again.
fn report(task: &'static str, result: Result<u64, Error>) {
    match result {
        Ok(0) => {}
        Ok(done) => tracing::info!(task, done, "housekeeping"),
        Err(error) => tracing::warn!(task, %error, "housekeeping failed; will try again"),
    }
}
