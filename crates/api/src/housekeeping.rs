//! Runs background tasks at intervals.

use std::sync::Arc;
use std::time::Duration;

use application::Runner;
use application::housekeeping::{Housekeeping, HousekeepingPolicy};
use domain::Uuid;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::Settings;
use crate::context::Lifecycle;

/// The shortest interval between two rounds.
const SHORTEST: Duration = Duration::from_secs(1);

/// Runs all background tasks in rounds.
#[derive(Clone)]
pub struct Housekeeper {
    chores: Housekeeping,
    every: Duration,
    lifecycle: Arc<Lifecycle>,
}

impl Housekeeper {
    pub(crate) fn new(runner: Runner, settings: &Settings, lifecycle: Arc<Lifecycle>) -> Self {
        let every = period(settings.housekeeping_every, settings.auto_receive_after);
        let policy = HousekeepingPolicy {
            // A lease ends shortly before the next round, so that the next round can take it.
            every: every.mul_f64(0.9),
            keep_keys: settings.keep_keys,
            access_tokens_last: settings.auth.access_token_ttl,
            failure_window: settings.auth.login_failure_window,
            erase_idle_after: settings.erase_idle_after,
            keep_empty_carts: settings.keep_empty_carts,
            auto_receive_after: settings.auto_receive_after,
        };
        #[expect(clippy::disallowed_methods, reason = "identifies this process to other servers; no id of the shop")]
        let holder = Uuid::now_v7();
        Self { chores: Housekeeping::new(runner, policy, holder), every, lifecycle }
    }

    /// Runs until it is dropped, and does nothing before the schema is ready. Dropping it interrupts no transaction: the
    /// runner finishes those that run.
    pub async fn run(self) {
        let mut rounds = interval(self.every);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            rounds.tick().await;
            if self.lifecycle.is_prepared() {
                self.chores.round().await;
            }
        }
    }
}

/// The configured interval, or the time after which restocks are received if that is shorter.
fn period(every: Duration, auto_receive_after: Option<Duration>) -> Duration {
    auto_receive_after.map_or(every, |after| every.min(after)).max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn housekeeping_runs_at_least_as_often_as_restocks_fall_due_r45() {
        let (minute, seconds) = (Duration::from_mins(1), Duration::from_secs);
        assert_eq!(period(minute, None), minute);
        assert_eq!(period(minute, Some(Duration::from_hours(1))), minute);
        assert_eq!(period(minute, Some(seconds(5))), seconds(5));
        assert_eq!(period(minute, Some(Duration::ZERO)), SHORTEST);
    }
}
