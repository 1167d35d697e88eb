use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::{Command, Ctx, Error, LastFailure, TaskRun, Tx};

/// How long a run of a task is not stored after the last one was. So a task that runs every second does not write every
/// second.
const RESTS: Duration = Duration::from_secs(50);

/// The most characters of a failure reason that are stored.
const LONGEST: usize = 200;

/// Writes runs down.
pub(super) struct RecordRuns(pub Vec<TaskRun>);

#[async_trait]
impl Command for RecordRuns {
    type Output = ();
    const NAME: &'static str = "housekeeping.record_runs";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        for run in &self.0 {
            tx.task_runs().record(run).await?;
        }
        Ok(())
    }
}

/// The runs of this server that are still to be written down.
#[derive(Clone, Default)]
pub(super) struct Runs(Arc<Mutex<BTreeMap<&'static str, Waiting>>>);

#[derive(Default)]
struct Waiting {
    run: Option<TaskRun>,
    written: Option<Instant>,
}

impl Runs {
    /// Adds a run in place of the one before. A failure stays until it is written down.
    pub(super) fn add(&self, run: TaskRun) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.entry(run.task).or_default();
        let failure = run.failure.or_else(|| waiting.run.take()?.failure);
        let failure = failure.map(|LastFailure { at, reason }| {
            let reason = reason.chars().take(LONGEST).collect();
            LastFailure { at, reason }
        });
        waiting.run = Some(TaskRun { failure, ..run });
    }

    /// The runs whose time has come to be written down.
    pub(super) fn due(&self) -> Vec<TaskRun> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = all.values().filter(|waiting| waiting.written.is_none_or(|at| at.elapsed() >= RESTS));
        due.filter_map(|waiting| waiting.run.clone()).collect()
    }

    /// Removes runs that are stored now. A newer run of the same task stays.
    pub(super) fn forget(&self, runs: &[TaskRun]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for run in runs {
            let waiting = all.entry(run.task).or_default();
            waiting.run.take_if(|last| last == run);
            waiting.written = Some(Instant::now());
        }
    }
}
