use std::time::Duration;

use domain::UtcDateTime;
use tokio::time::Instant;

use super::work::Work;
use crate::{Error, LastFailure, Runner, TaskRun, TaskStep};

/// The most steps of a turn.
const STEPS: u32 = 10;

/// How long a turn takes: no step begins later than that.
const TURN: Duration = Duration::from_secs(5);

/// The remaining work of a task whose lease this server has.
pub(super) struct Leased {
    pub(super) work: Work,
    /// When the lease ends, by the clock of this server.
    pub(super) until: Instant,
}

/// The part of a task that one round does, and its result so far.
pub(super) struct Run {
    task: &'static str,
    /// Where it goes on; `None` if it has ended.
    work: Option<Work>,
    /// When the lease of the task ends.
    lease_ends: Instant,
    done: u64,
    took: Duration,
    failure: Option<Error>,
}

impl Run {
    pub(super) fn new(Leased { work, until }: Leased) -> Self {
        Self { task: work.name(), work: Some(work), lease_ends: until, done: 0, took: Duration::ZERO, failure: None }
    }

    /// A run that has ended.
    pub(super) fn of(task: &'static str, took: Duration, result: Result<u64, Error>) -> Self {
        let (done, failure) = match result {
            Ok(done) => (done, None),
            Err(error) => (0, Some(error)),
        };
        Self { task, work: None, lease_ends: Instant::now(), done, took, failure }
    }

    /// Does some steps.
    pub(super) async fn turn(&mut self, runner: &Runner) {
        let began = Instant::now();
        for _ in 0..STEPS {
            let Some(work) = self.work.take() else { break };
            match work.step(runner).await {
                Ok(TaskStep { done, next }) => (self.done, self.work) = (self.done + done, next),
                Err(error) => self.failure = Some(error),
            }
            if began.elapsed() >= TURN {
                break;
            }
        }
        self.took += began.elapsed();
    }

    /// Whether something is left to do.
    pub(super) const fn has_more(&self) -> bool {
        self.work.is_some()
    }

    /// Logs what the run has done. After a failure the next round tries again.
    pub(super) fn report(&self) {
        let Self { task, done, .. } = *self;
        match &self.failure {
            Some(error) => tracing::warn!(task, done, %error, "housekeeping failed; will try again"),
            None if done > 0 => tracing::info!(task, done, "housekeeping"),
            None => {}
        }
        if self.has_more() {
            tracing::info!(task, "housekeeping goes on in the next round");
        }
    }

    /// The run as it is stored for the page *System*.
    pub(super) fn ended(&self, at: UtcDateTime) -> TaskRun {
        let failure = self.failure.as_ref().map(|error| LastFailure { at, reason: reason(error) });
        TaskRun { task: self.task, ended_at: at, took: self.took, done: self.done, failure }
    }

    /// The remaining work with the name of the task; `None` if the run has ended.
    pub(super) fn rest(self) -> Option<(&'static str, Leased)> {
        Some((self.task, Leased { work: self.work?, until: self.lease_ends }))
    }
}

/// Why a task failed, for people who cannot look into the log. Nothing from inside the database is in it.
fn reason(error: &Error) -> String {
    match error {
        Error::Unavailable(cause) => cause.to_string(),
        Error::Internal(_) => "an unexpected error, which the log of the server explains".to_owned(),
        other => other.to_string(),
    }
}
