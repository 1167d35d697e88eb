use proptest::prelude::*;
use time::UtcOffset;
use time::macros::{date, offset, utc_datetime};

use super::*;
use crate::pricing::Utc;
use crate::reports::Breakdown;

/// A zone whose clocks change once: before a moment and from then on.
#[derive(Debug)]
struct Zone {
    before: UtcOffset,
    change: UtcDateTime,
    after: UtcOffset,
}

impl Calendar for Zone {
    fn zone(&self) -> &'static str {
        "a zone of tests"
    }

    fn day(&self, at: UtcDateTime) -> Date {
        at.to_offset(self.offset(at)).date()
    }

    fn begin(&self, day: Date) -> UtcDateTime {
        let midnight = |offset: UtcOffset| day.midnight().as_utc() - Duration::seconds(offset.whole_seconds().into());
        let early = midnight(self.before);
        if early < self.change { early } else { midnight(self.after).max(self.change) }
    }

    fn offset(&self, at: UtcDateTime) -> UtcOffset {
        if at < self.change { self.before } else { self.after }
    }
}

/// Berlin in autumn of 2026.
const AUTUMN: Zone = Zone { before: offset!(+2), change: utc_datetime!(2026-10-25 01:00), after: offset!(+1) };
/// Berlin in spring of 2026.
const SPRING: Zone = Zone { before: offset!(+1), change: utc_datetime!(2026-03-29 01:00), after: offset!(+2) };
/// Kathmandu.
const NEPAL: Zone = Zone { before: offset!(+5:45), change: UtcDateTime::MIN, after: offset!(+5:45) };
/// Lord Howe Island, whose clocks change by half an hour.
const HALF: Zone = Zone { before: offset!(+11), change: utc_datetime!(2026-04-04 15:00), after: offset!(+10:30) };

fn all(from: Date, to: Date, by: Breakdown, interval: Interval, zone: &Zone) -> Vec<Period> {
    periods(&ReportRange::parse(from, to, by).unwrap(), interval, zone)
}

fn keys(periods: &[Period]) -> Vec<&str> {
    periods.iter().map(|period| period.key.as_str()).collect()
}

#[test]
fn a_day_has_23_or_25_hours_when_the_clocks_change_r244() {
    let day = date!(2026 - 10 - 25);
    let hours = all(day, day, Breakdown::Hour, Interval::Hour, &AUTUMN);
    assert_eq!(hours.len(), 25);
    let expected = ["2026-10-25T01:00", "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00"];
    assert_eq!(keys(&hours[1..5]), expected);
    assert_eq!(hours[2].name, "25 October 2026, 02:00 (+02:00)");
    let day = date!(2026 - 03 - 29);
    let hours = all(day, day, Breakdown::Hour, Interval::Hour, &SPRING);
    assert_eq!(keys(&hours[..3]), ["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T03:00"]);
    assert_eq!(hours.len(), 23);
    let day = date!(2026 - 04 - 05);
    let hours = all(day, day, Breakdown::Hour, Interval::Hour, &HALF);
    assert_eq!(keys(&hours[..4]), ["2026-04-05T00:00", "2026-04-05T01:00", "2026-04-05T01:30", "2026-04-05T02:00"]);
}

#[test]
fn a_day_begins_at_midnight_where_the_shop_is_r244() {
    let days = all(date!(2026 - 11 - 28), date!(2026 - 11 - 29), Breakdown::Day, Interval::Day, &NEPAL);
    assert_eq!(keys(&days), ["2026-11-28", "2026-11-29"]);
    assert_eq!(days[1].name, "29 November 2026");
    let span = Span { from: utc_datetime!(2026-11-28 18:15), to: utc_datetime!(2026-11-29 18:15) };
    assert_eq!(days[1].span, span);
}

#[test]
fn weeks_and_months_are_cut_where_the_report_begins_and_ends_r244() {
    let (from, to) = (date!(2026 - 12 - 26), date!(2027 - 01 - 04));
    let weeks = all(from, to, Breakdown::Week, Interval::Week, &AUTUMN);
    assert_eq!(keys(&weeks), ["2026-W52", "2026-W53", "2027-W01"]);
    assert_eq!(weeks[1].name, "Week 53 of 2026");
    let lengths: Vec<_> = weeks.iter().map(|week| (week.span.to - week.span.from).whole_days()).collect();
    assert_eq!(lengths, [2, 7, 1]);
    let months = all(from, to, Breakdown::Month, Interval::Month, &AUTUMN);
    assert_eq!(keys(&months), ["2026-12", "2027-01"]);
    assert_eq!(months[0].name, "December 2026");
}

#[test]
fn the_last_day_of_all_has_an_end_r244() {
    let range = ReportRange::parse(Date::MAX, Date::MAX, Breakdown::Hour).unwrap();
    assert_eq!(periods(&range, Interval::Hour, &Utc).len(), 24);
    assert_eq!(periods(&range, Interval::Day, &Utc).len(), 1);
}

proptest! {
    #[test]
    fn each_moment_is_in_exactly_one_period_r244(
        minutes in -840..=840_i32,
        shift in prop::sample::select(vec![-60, -30, 0, 30, 60]),
        change in 0..60 * 24 * 40_i64,
        first in 0..30_i64,
        days in 0..31_i64,
        interval in prop::sample::select(vec![Interval::Hour, Interval::Day, Interval::Week, Interval::Month]),
    ) {
        let offset = |minutes: i32| UtcOffset::from_whole_seconds(minutes * 60).unwrap();
        let start = utc_datetime!(2026-10-01 0:00);
        let zone = Zone {
            before: offset(minutes),
            change: start + Duration::minutes(change),
            after: offset(minutes + shift),
        };
        let from = date!(2026 - 10 - 01) + Duration::days(first);
        let range = ReportRange::parse(from, from + Duration::days(days), Breakdown::Hour).unwrap();
        let periods = periods(&range, interval, &zone);
        let whole = Span::of(&range, &zone);
        prop_assert_eq!(periods.first().map(|first| first.span.from), Some(whole.from));
        prop_assert_eq!(periods.last().map(|last| last.span.to), Some(whole.to));
        for pair in periods.windows(2) {
            prop_assert_eq!(pair[0].span.to, pair[1].span.from);
            prop_assert!(pair[0].key != pair[1].key);
        }
        prop_assert!(periods.iter().all(|period| period.span.from < period.span.to));
    }
}
