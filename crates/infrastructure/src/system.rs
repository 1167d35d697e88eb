//! The time and new ids.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use application::{Clock, Ids};
use domain::{UtcDateTime, Uuid};
use uuid::{NoContext, Timestamp};

/// The clock of the machine, in UTC, to the microsecond.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcDateTime {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let now = UtcDateTime::now();
        // A microsecond is at most a second, so it is always replaced.
        now.replace_nanosecond(now.microsecond() * 1000).unwrap_or(now)
    }
}

/// Up to this difference between the clock of a server and that of the database, the server keeps its own time. So
/// small a difference is the time that the answer took, or does no harm.
const TOLERANCE: Duration = Duration::from_millis(250);
/// By how much they may differ before the log says so.
const WORTH_A_WARNING: Duration = Duration::from_secs(2);

/// The clock of the shop: that of the system, corrected by the clock of the database server. So all servers of a
/// database agree, whatever their own clocks say.
#[derive(Debug, Clone, Default)]
pub struct ShopClock {
    system: SystemClock,
    /// By how many microseconds the database is ahead of the system.
    ahead: Arc<AtomicI64>,
    has_warned: Arc<AtomicBool>,
    /// By how much the clock of the system is wrong, in a test.
    #[cfg(test)]
    wrong_by: time::Duration,
}

impl ShopClock {
    /// The clock of a server whose own one is wrong.
    #[cfg(test)]
    pub(crate) fn wrong_by(seconds: i64) -> Self {
        Self { wrong_by: time::Duration::seconds(seconds), ..Self::default() }
    }

    fn system(&self) -> UtcDateTime {
        #[cfg(test)]
        return self.system.now() + self.wrong_by;
        #[cfg(not(test))]
        self.system.now()
    }

    /// Takes over the time of the database, which was asked at `asked`, by [`Self::uncorrected`], and answered `theirs`.
    pub(crate) fn agree(&self, asked: UtcDateTime, theirs: UtcDateTime) {
        let answered = self.system();
        let ahead: time::Duration = theirs - (asked + (answered - asked) / 2);
        let ahead = if ahead.unsigned_abs() <= TOLERANCE { time::Duration::ZERO } else { ahead };
        let micros = i64::try_from(ahead.whole_microseconds()).unwrap_or_default();
        self.ahead.store(micros, Ordering::Relaxed);
        let is_far = ahead.unsigned_abs() > WORTH_A_WARNING;
        if is_far && !self.has_warned.swap(true, Ordering::Relaxed) {
            let seconds = ahead.as_seconds_f64();
            tracing::warn!(
                seconds,
                "the database's clock is ahead of this server's by so many seconds; the database's counts"
            );
        } else if !is_far && self.has_warned.swap(false, Ordering::Relaxed) {
            tracing::info!("this server's clock agrees with the database's again");
        }
    }

    /// The time of this machine, without the correction to the clock of the database.
    pub(crate) fn uncorrected(&self) -> UtcDateTime {
        self.system()
    }

    /// A new id of the current time, by which servers tell each other of a change.
    pub(crate) fn id(&self) -> Uuid {
        let nanos = u64::try_from(self.now().unix_timestamp_nanos()).unwrap_or_default();
        let (seconds, nanos) = (nanos / 1_000_000_000, u32::try_from(nanos % 1_000_000_000).unwrap_or_default());
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos))
    }
}

impl Clock for ShopClock {
    fn now(&self) -> UtcDateTime {
        self.system() + time::Duration::microseconds(self.ahead.load(Ordering::Relaxed))
    }
}

/// `UUIDv7`s: within this process each sorts after those before it, even within one millisecond.
#[derive(Debug, Clone, Copy, Default)]
pub struct V7Ids;

impl Ids for V7Ids {
    #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_in_whole_microseconds() {
        assert!((0..1000).all(|_| SystemClock.now().nanosecond().is_multiple_of(1000)));
    }

    #[test]
    fn ids_sort_in_the_order_in_which_they_were_made() {
        let ids: Vec<_> = (0..10_000).map(|_| V7Ids.next()).collect();
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn the_clock_of_the_database_counts_if_the_own_one_differs() {
        for wrong_by in [30, -30, 3600] {
            let wrong_by = time::Duration::seconds(wrong_by);
            let clock = ShopClock { wrong_by, ..ShopClock::default() };
            clock.agree(clock.uncorrected(), SystemClock.now());
            let off = (clock.now() - SystemClock.now()).unsigned_abs();
            assert!(off < Duration::from_millis(100), "{wrong_by}: {off:?}");
            assert!(
                (clock.id().get_timestamp().unwrap().to_unix().0)
                    .abs_diff(u64::try_from(SystemClock.now().unix_timestamp()).unwrap())
                    <= 1
            );
            assert!(clock.has_warned.load(Ordering::Relaxed));
        }
        let clock = ShopClock::default();
        clock.agree(clock.uncorrected(), clock.uncorrected() + TOLERANCE / 2);
        assert_eq!(clock.ahead.load(Ordering::Relaxed), 0);
        assert!(!clock.has_warned.load(Ordering::Relaxed));
    }
}
