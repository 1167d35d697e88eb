use std::time::Duration;

use super::service_tasks::ServiceTask;
use super::tasks::Task;
use crate::{Error, Runner, TaskStep};

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

    /// The shortest time between two runs, given the configured interval `every`. The lease lasts so long.
    pub(super) fn rests_for(&self, every: Duration) -> Duration {
        match self {
            Self::Stored(_) => every,
            Self::Service(task) => task.rests_for(every),
        }
    }

    /// Does a step: not more than takes a few seconds, if no other server keeps it waiting.
    pub(super) async fn step(self, runner: &Runner) -> Result<TaskStep<Self>, Error> {
        match self {
            Self::Stored(task) => Ok(runner.run(task).await?.map(Self::Stored)),
            Self::Service(task) => Ok(task.step(runner).await?.map(Self::Service)),
        }
    }
}
