use std::time::Duration;

use async_trait::async_trait;
use domain::{StoreError, UtcDateTime};

/// How a run of a housekeeping task went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRun {
    /// The name of the task.
    pub task: &'static str,
    /// When it ended, for good or until the next round.
    pub ended_at: UtcDateTime,
    /// How long it took.
    pub took: Duration,
    /// How much it did: rows, orders, files.
    pub done: u64,
    /// The failure, if there was one.
    pub failure: Option<LastFailure>,
}

/// The last run of a housekeeping task, on whichever server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// The name of the task.
    pub task: String,
    /// When it ended.
    pub ended_at: UtcDateTime,
    /// How long it took.
    pub took: Duration,
    /// How much it did.
    pub done: u64,
    /// The last time that it failed, which may be longer ago.
    pub failure: Option<LastFailure>,
}

/// When a task failed last, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastFailure {
    /// When the run ended that failed.
    pub at: UtcDateTime,
    /// The error, for people.
    pub reason: String,
}

/// The last runs of tasks within a transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TaskRunRepository: Send {
    /// Writes a run in place of the one before. The last failure stays if this is none.
    async fn record(&mut self, run: &TaskRun) -> Result<(), StoreError>;
}

/// Reads of the last runs of tasks, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TaskRunQueries: Send + Sync {
    /// The last run of each task, in order of their names.
    async fn last(&self) -> Result<Vec<LastRun>, StoreError>;
}
