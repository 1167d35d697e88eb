use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::Clock as _;
use domain::UtcDateTime;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::system::ShopClock;

/// The most times that are kept: the earliest ones. Housekeeping looks for due work regularly, and finds the rest.
const MOST: usize = 1000;

/// When work is due that this server has committed for whoever comes next.
#[derive(Debug, Default)]
pub struct DueWork {
    times: Mutex<BTreeSet<UtcDateTime>>,
    added: Notify,
}

impl DueWork {
    /// Notes that work is due at `at`.
    pub(crate) fn add(&self, at: UtcDateTime) {
        let mut times = self.times();
        times.insert(at);
        if times.len() > MOST {
            times.pop_last();
        }
        drop(times);
        self.added.notify_one();
    }

    /// Waits until work is due, by the clock of the shop. Each time is reported once. Only one task may wait.
    pub(crate) async fn wait(&self, clock: &ShopClock) {
        loop {
            let (now, next) = (clock.now(), self.times().first().copied());
            match next {
                Some(at) if at <= now => {
                    self.times().retain(|at| *at > now);
                    return;
                }
                Some(at) => {
                    tokio::select! {
                        () = sleep(Duration::try_from(at - now).unwrap_or_default()) => {}
                        () = self.added.notified() => {}
                    }
                }
                None => self.added.notified().await,
            }
        }
    }

    fn times(&self) -> MutexGuard<'_, BTreeSet<UtcDateTime>> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::time::{Instant, timeout};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Whether somebody who waits is woken within a time.
    async fn comes(work: &DueWork, clock: &ShopClock, within: Duration) -> bool {
        timeout(within, work.wait(clock)).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiting_worker_is_woken_once_for_all_due_work_r90() {
        let (work, clock) = (DueWork::default(), ShopClock::default());
        let now = clock.now();
        assert!(!comes(&work, &clock, 9 * SECOND).await, "there is nothing");
        work.add(now);
        work.add(now - SECOND);
        assert!(comes(&work, &clock, SECOND).await);
        assert!(!comes(&work, &clock, 9 * SECOND).await, "it has returned for it");
    }

    #[tokio::test(start_paused = true)]
    async fn earlier_work_comes_first_and_later_work_is_not_forgotten_r90() {
        let (work, clock) = (DueWork::default(), ShopClock::default());
        let soon = clock.now() + SECOND;
        work.add(clock.now() + 3600 * SECOND);
        work.add(soon);
        let began = Instant::now();
        {
            let mut waits = pin!(work.wait(&clock));
            assert!(timeout(SECOND / 10, &mut waits).await.is_err());
            work.add(clock.now());
            assert!(timeout(SECOND, &mut waits).await.is_ok());
        }
        assert!(began.elapsed() < SECOND, "it does not wait for the others");
        // The clock of the shop is a real one, and that of this test is not.
        while clock.now() < soon {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(comes(&work, &clock, SECOND).await);
        assert!(!comes(&work, &clock, 9 * SECOND).await, "that is in an hour");
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_times_the_earliest_are_kept_r90() {
        let (work, clock) = (DueWork::default(), ShopClock::default());
        for n in (0..2 * u32::try_from(MOST).unwrap()).rev() {
            work.add(clock.now() + 60 * SECOND + n * SECOND);
        }
        work.add(clock.now());
        assert_eq!(work.times().len(), MOST);
        assert!(comes(&work, &clock, SECOND).await);
        assert_eq!(work.times().len(), MOST - 1);
    }
}
