use time::{OffsetDateTime, UtcOffset};

use crate::{Date, UtcDateTime};

/// Tells days and times where the shop is.
pub trait Calendar: std::fmt::Debug + Send + Sync {
    /// The name of the time zone, of the IANA database.
    fn zone(&self) -> &str;

    /// How far the clocks of the zone are before UTC at a time.
    fn offset(&self, at: UtcDateTime) -> UtcOffset;

    /// What the clocks of the zone show at a time.
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
}
