use time::{Duration, OffsetDateTime, PrimitiveDateTime, Time};

use crate::{Date, UtcDateTime, UtcOffset};

/// Tells days and times where the shop is.
pub trait Calendar: std::fmt::Debug + Send + Sync {
    /// The name of the time zone, of the IANA database.
    fn zone(&self) -> &str;

    /// How far the clocks of the shop are ahead of UTC at a time.
    fn offset(&self, at: UtcDateTime) -> UtcOffset;

    /// The first moment of a day. It is midnight, unless the clocks are put forward then.
    fn begin(&self, day: Date) -> UtcDateTime;

    /// The first moment at which the clocks of the shop show a time of a day. A time that they skip, as they are put
    /// forward, is as long after the last moment before as it would be without that.
    fn moment(&self, day: Date, time: Time) -> UtcDateTime {
        let shown = PrimitiveDateTime::new(day, time).as_utc();
        let at = |offset: UtcOffset| shown.saturating_sub(Duration::seconds(offset.whole_seconds().into()));
        let before = self.offset(shown.saturating_sub(Duration::DAY));
        let after = self.offset(shown.saturating_add(Duration::DAY));
        let is_right = |offset: &UtcOffset| self.offset(at(*offset)) == *offset;
        at([before, after].into_iter().find(is_right).unwrap_or(before))
    }

    /// What the clocks of the shop show at a time.
    fn local(&self, at: UtcDateTime) -> OffsetDateTime {
        let utc = OffsetDateTime::from(at);
        // Only in the first and last hours of the calendar of `time` is there no such day.
        utc.checked_to_offset(self.offset(at)).unwrap_or(utc)
    }

    /// The day of the shop that it is at a time.
    fn day(&self, at: UtcDateTime) -> Date {
        self.local(at).date()
    }
}

/// The calendar of a shop that counts its days in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct Utc;

impl Calendar for Utc {
    fn zone(&self) -> &'static str {
        "UTC"
    }

    fn offset(&self, _: UtcDateTime) -> UtcOffset {
        UtcOffset::UTC
    }

    fn begin(&self, day: Date) -> UtcDateTime {
        day.midnight().as_utc()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, offset, time, utc_datetime};

    use super::*;

    /// Clocks are put forward by an hour on 29 March 2026, and back on 25 October, each at 01:00 UTC.
    #[derive(Debug)]
    struct Berlin;

    impl Calendar for Berlin {
        fn zone(&self) -> &'static str {
            "Europe/Berlin"
        }

        fn offset(&self, at: UtcDateTime) -> UtcOffset {
            let is_summer = (utc_datetime!(2026-03-29 01:00)..utc_datetime!(2026-10-25 01:00)).contains(&at);
            if is_summer { offset!(+2) } else { offset!(+1) }
        }

        fn begin(&self, day: Date) -> UtcDateTime {
            self.moment(day, Time::MIDNIGHT)
        }
    }

    #[test]
    fn a_time_of_the_clocks_is_a_moment_also_when_they_are_changed_r209_r235() {
        let moment = |day, time| Berlin.moment(day, time);
        assert_eq!(moment(date!(2026 - 01 - 15), time!(09:00)), utc_datetime!(2026-01-15 08:00));
        assert_eq!(moment(date!(2026 - 07 - 15), time!(09:00)), utc_datetime!(2026-07-15 07:00));
        assert_eq!(
            moment(date!(2026 - 03 - 29), time!(02:30)),
            utc_datetime!(2026-03-29 01:30),
            "skipped: shown as 03:30"
        );
        assert_eq!(moment(date!(2026 - 03 - 29), time!(03:00)), utc_datetime!(2026-03-29 01:00));
        assert_eq!(moment(date!(2026 - 10 - 25), time!(02:30)), utc_datetime!(2026-10-25 00:30), "the first of two");
        assert_eq!(moment(date!(2026 - 10 - 25), time!(03:00)), utc_datetime!(2026-10-25 02:00));
        assert_eq!(Utc.moment(date!(2026 - 10 - 25), time!(02:30)), utc_datetime!(2026-10-25 02:30));
    }
}
