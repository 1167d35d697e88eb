//! What the server does beside the requests.

use std::sync::Arc;
use std::time::Duration;

use application::Runner;
use application::housekeeping::{Housekeeping, HousekeepingPolicy};
use domain::Uuid;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::Settings;
use crate::context::Lifecycle;

/// The shortest time from one round to the next.
const SHORTEST: Duration = Duration::from_secs(1);

/// Does the chores, round after round.
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
            // A turn at a chore lasts until shortly before the next round, or that would find it taken still.
            every: every.mul_f64(0.9),
            keep_keys: settings.keep_keys,
            access_tokens_last: settings.auth.access_token_ttl,
            failure_window: settings.auth.login_failure_window,
            erase_idle_after: settings.erase_idle_after,
            keep_empty_carts: settings.keep_empty_carts,
            auto_receive_after: settings.auto_receive_after,
        };
        #[expect(clippy::disallowed_methods, reason = "names this process to the others and is no id of the shop")]
        let holder = Uuid::now_v7();
        Self { chores: Housekeeping::new(runner, policy, holder), every, lifecycle }
    }

    /// Goes on for as long as it is polled, and does nothing until the schema is there. Whoever drops it breaks no
    /// transaction off: the runner finishes what runs.
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

/// As often as configured, and often enough that no restock waits for twice its time.
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
