//! Housekeeping: receives due restocks and purges expired rows at regular intervals.

mod lease;
mod tasks;

use std::time::Duration;

use domain::Uuid;

use self::lease::TakeLease;
use self::tasks::{Task, tasks};
use crate::{Error, Runner};

/// The most rows that one transaction changes, to keep its locks short.
const BATCH: u64 = 500;

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
}

impl Housekeeping {
    /// Housekeeping by the server with the id `holder`.
    pub fn new(runner: Runner, policy: HousekeepingPolicy, holder: Uuid) -> Self {
        Self { runner, policy, holder }
    }

    /// Runs each task whose lease is free. A failure is logged, and the next round tries again.
    pub async fn round(&self) {
        for task in tasks(self.policy) {
            let name = task.name();
            match self.run(task).await {
                Ok(0) => {}
                Ok(done) => tracing::info!(task = name, done, "housekeeping"),
                Err(error) => tracing::warn!(task = name, %error, "housekeeping failed; will try again"),
            }
        }
    }

    /// Runs all batches of a task if this server gets its lease. Returns how many rows changed.
    async fn run(&self, task: Task) -> Result<u64, Error> {
        let lease = TakeLease { task: task.name(), holder: self.holder, lasts: task.rests_for(self.policy.every) };
        if !self.runner.run(lease).await? {
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
}
