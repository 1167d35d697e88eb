use std::time::Duration;

use super::service_tasks::ServiceTask;
use super::tasks::Task;
use crate::{Error, Runner};

/// What a step of a task has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<P> {
    /// How much was done.
    pub done: u64,
    /// Where the next step begins; `None` if this was the last.
    pub next: Option<P>,
}

impl<P> Step<P> {
    /// The step of a batch that `found` so many of at most `limit`. If it was full, the next one begins after `last`.
    pub(crate) fn of_batch(done: u64, found: usize, limit: u64, last: Option<P>) -> Self {
        let is_full = u64::try_from(found).is_ok_and(|found| found >= limit);
        Self { done, next: last.filter(|_| is_full) }
    }

    /// The step, with the place of the next one as another type.
    pub(super) fn map<Q>(self, next: impl FnOnce(P) -> Q) -> Step<Q> {
        Step { done: self.done, next: self.next.map(next) }
    }
}

/// A recurring task, at the place where its next step begins.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are some twenty for each server")]
pub(super) enum Work {
    /// Each step is one transaction.
    Stored(Task),
    /// A step has transactions of its own, or asks other servers.
    Service(ServiceTask),
}

impl Work {
    /// The name in the log and in the table of leases.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Stored(task) => task.name(),
            Self::Service(task) => task.name(),
        }
    }

    /// How long it is not done again.
    pub(super) fn rests_for(&self, every: Duration) -> Duration {
        match self {
            Self::Stored(_) => every,
            Self::Service(task) => task.rests_for(every),
        }
    }

    /// Does a step: not more than takes a few seconds, if no other server keeps it waiting.
    pub(super) async fn step(self, runner: &Runner) -> Result<Step<Self>, Error> {
        match self {
            Self::Stored(task) => Ok(runner.run(task).await?.map(Self::Stored)),
            Self::Service(task) => Ok(task.step(runner).await?.map(Self::Service)),
        }
    }
}
