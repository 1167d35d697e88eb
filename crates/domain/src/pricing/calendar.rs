use time::OffsetDateTime;

use crate::{Date, UtcDateTime, UtcOffset};

/// Tells days and times where the shop is.
pub trait Calendar: std::fmt::Debug + Send + Sync {
    /// The name of the time zone, of the IANA database.
    fn zone(&self) -> &str;

    /// How far the clocks of the shop are ahead of UTC at a time.
    fn offset(&self, at: UtcDateTime) -> UtcOffset;

    /// The first moment of a day. It is midnight, unless the clocks are put forward then.
    fn begin(&self, day: Date) -> UtcDateTime;

    /// What the clocks of the shop show at a time.
    fn local(&self, at: UtcDateTime) -> OffsetDateTime {
        let utc = OffsetDateTime::from(at);
        // Only in the first and last hours of the calendar of `time` is there no such day.
        utc.checked_to_offset(self.offset(at)).unwrap_or(utc)
    }

    /// The day at a time.
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
