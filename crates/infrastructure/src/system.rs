//! The time and new ids.

use application::{Clock, Ids};
use domain::{UtcDateTime, Uuid};

/// The clock of the system.
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
}
