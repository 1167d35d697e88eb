use domain::UtcDateTime;
use domain::pricing::Calendar;
use time::UtcOffset;

/// The calendar of a time zone.
#[derive(Debug, Clone)]
pub(super) struct ZonedCalendar(jiff::tz::TimeZone);

impl ZonedCalendar {
    /// The calendar of a time zone of the IANA database, such as `Europe/Berlin`. The database is in the program.
    ///
    /// # Errors
    /// What is wrong with the name.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        let zone = jiff::tz::TimeZone::get(name).map(Self);
        zone.map_err(|_| "must be a time zone of the IANA database, such as Europe/Berlin".to_owned())
    }
}

impl Calendar for ZonedCalendar {
    fn zone(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    fn offset(&self, at: UtcDateTime) -> UtcOffset {
        let offset = || {
            let offset = self.0.to_offset(jiff::Timestamp::from_second(at.unix_timestamp()).ok()?);
            UtcOffset::from_whole_seconds(offset.seconds()).ok()
        };
        // Both know the same days, those of the years -9999 to 9999.
        offset().unwrap_or(UtcOffset::UTC)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, utc_datetime};

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_zone_also_in_summer_r103() {
        let berlin = ZonedCalendar::named("Europe/Berlin").unwrap();
        assert_eq!(berlin.day(utc_datetime!(2026-01-31 22:59:59)), date!(2026 - 01 - 31));
        assert_eq!(berlin.day(utc_datetime!(2026-01-31 23:00)), date!(2026 - 02 - 01));
        assert_eq!(berlin.day(utc_datetime!(2026-07-31 22:00)), date!(2026 - 08 - 01));
        assert_eq!(ZonedCalendar::named("UTC").unwrap().day(utc_datetime!(2026-01-31 23:59)), date!(2026 - 01 - 31));
        for bad in ["", "Berlin", "CET+1", "Europe/Bremen"] {
            assert!(ZonedCalendar::named(bad).unwrap_err().contains("Europe/Berlin"), "{bad}");
        }
    }
}
