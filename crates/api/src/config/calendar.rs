use domain::pricing::Calendar;
use domain::{Date, UtcDateTime, UtcOffset};

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

    fn begin(&self, day: Date) -> UtcDateTime {
        let begin = || {
            let (year, month, of_month) = day.to_calendar_date();
            let (year, of_month) = (i16::try_from(year).ok()?, i8::try_from(of_month).ok()?);
            let date = jiff::civil::Date::new(year, u8::from(month).try_into().ok()?, of_month).ok()?;
            let begin = date.to_zoned(self.0.clone()).ok()?.start_of_day().ok()?;
            UtcDateTime::from_unix_timestamp(begin.timestamp().as_second()).ok()
        };
        begin().unwrap_or_else(|| day.midnight().as_utc())
    }

    fn offset(&self, at: UtcDateTime) -> UtcOffset {
        let offset = |at: jiff::Timestamp| UtcOffset::from_whole_seconds(self.0.to_offset(at).seconds()).ok();
        jiff::Timestamp::from_second(at.unix_timestamp()).ok().and_then(offset).unwrap_or(UtcOffset::UTC)
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

    #[test]
    fn a_day_begins_where_the_clocks_of_the_zone_say_so_r244() {
        let begin = |zone: &str, day| ZonedCalendar::named(zone).unwrap().begin(day);
        assert_eq!(begin("Europe/Berlin", date!(2026 - 10 - 25)), utc_datetime!(2026-10-24 22:00));
        assert_eq!(begin("Europe/Berlin", date!(2026 - 10 - 26)), utc_datetime!(2026-10-25 23:00));
        assert_eq!(begin("Asia/Kathmandu", date!(2026 - 11 - 29)), utc_datetime!(2026-11-28 18:15));
        // There is no midnight on this day: the clocks go from 23:59 to 1:00.
        assert_eq!(begin("Africa/Cairo", date!(2026 - 04 - 24)), utc_datetime!(2026-04-23 22:00));
        let berlin = ZonedCalendar::named("Europe/Berlin").unwrap();
        assert_eq!(berlin.offset(utc_datetime!(2026-10-25 00:59)).whole_hours(), 2);
        assert_eq!(berlin.offset(utc_datetime!(2026-10-25 01:00)).whole_hours(), 1);
    }

    #[test]
    fn each_moment_is_in_one_period_of_a_report_in_every_kind_of_zone_r244() {
        use domain::reports::{Breakdown, Interval, ReportRange, periods};
        for zone in
            ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo"]
        {
            let calendar = ZonedCalendar::named(zone).unwrap();
            let year = ReportRange::parse(date!(2026 - 01 - 01), date!(2026 - 12 - 31), Breakdown::Day).unwrap();
            for interval in [Interval::Hour, Interval::Day, Interval::Week, Interval::Month] {
                let periods = periods(&year, interval, &calendar);
                assert!(periods.windows(2).all(|pair| pair[0].span.to == pair[1].span.from), "{zone} {interval:?}");
                assert!(periods.iter().all(|period| period.span.from < period.span.to), "{zone} {interval:?}");
                let whole = (periods[0].span.from, periods[periods.len() - 1].span.to);
                let ends = [date!(2026 - 01 - 01), date!(2027 - 01 - 01)].map(|day| calendar.begin(day));
                assert_eq!(whole, (ends[0], ends[1]), "{zone} {interval:?}");
                for period in periods.iter().filter(|_| interval == Interval::Day) {
                    let last = period.span.to - time::Duration::SECOND;
                    let days = [period.span.from, last].map(|at| calendar.day(at).to_string());
                    assert_eq!(days, [period.key.clone(), period.key.clone()], "{zone}");
                }
            }
        }
    }
}
