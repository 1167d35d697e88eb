//! What the server does by itself, from time to time: receiving restocks, and forgetting what has had its time.

mod chores;
mod lease;

use std::time::Duration;

use domain::Uuid;

use self::chores::{Chore, chores};
use self::lease::TakeLease;
use crate::{Error, Runner};

/// How much one transaction does, so that none holds its locks for long.
const BATCH: u64 = 500;

/// What is done, and when.
#[derive(Debug, Clone, Copy)]
pub struct HousekeepingPolicy {
    /// How long one round is from the next, on all servers together.
    pub every: Duration,
    /// How long an idempotency key is kept.
    pub keep_keys: Duration,
    /// How long failed logins count.
    pub failure_window: Duration,
    /// How long an empty cart is kept.
    pub keep_empty_carts: Duration,
    /// After which time a restock is received by itself; `None` for never.
    pub auto_receive_after: Option<Duration>,
}

/// Does the chores. Of several servers on one database, one does each round of each chore.
#[derive(Clone)]
pub struct Housekeeping {
    runner: Runner,
    policy: HousekeepingPolicy,
    holder: Uuid,
}

impl Housekeeping {
    /// Housekeeping by the server called `holder`.
    pub fn new(runner: Runner, policy: HousekeepingPolicy, holder: Uuid) -> Self {
        Self { runner, policy, holder }
    }

    /// Does those chores that nobody has done lately. What fails is logged, and tried again in the next round.
    pub async fn round(&self) {
        for chore in chores(self.policy) {
            match self.take_turn(&chore).await {
                Ok(0) => {}
                Ok(done) => tracing::info!(chore = chore.name(), done, "housekeeping"),
                Err(error) => tracing::warn!(chore = chore.name(), %error, "housekeeping failed; will try again"),
            }
        }
    }

    async fn take_turn(&self, chore: &Chore) -> Result<u64, Error> {
        let lease = TakeLease { task: chore.name(), holder: self.holder, lasts: self.policy.every };
        if !self.runner.run(lease).await? {
            return Ok(0);
        }
        let mut done = 0;
        loop {
            let batch = self.runner.run(chore.clone()).await?;
            done += batch;
            if batch < BATCH {
                return Ok(done);
            }
        }
    }
}
