use std::collections::HashSet;

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::{Interval, ReportRange};
use crate::pricing::Calendar;
use crate::{Date, UtcDateTime};

/// A time from one moment to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: UtcDateTime,
    /// The moment after the last one.
    pub to: UtcDateTime,
}

/// A row of a report: an hour, a day, a week or a month where the shop is, or the part of it that is in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Such as `2026-11-29T13:00`, `2026-11-29`, `2026-W48`, `2026-11`. An hour that the clocks show twice has its offset.
    pub key: String,
    /// As people read it.
    pub name: String,
    /// From when to when it is.
    pub span: Span,
}

impl Span {
    /// The days of a report.
    pub fn of(range: &ReportRange, calendar: &dyn Calendar) -> Self {
        Self { from: calendar.begin(range.from()), to: end(range.to(), calendar) }
    }
}

/// When a day is over.
fn end(day: Date, calendar: &dyn Calendar) -> UtcDateTime {
    day.next_day().map_or(UtcDateTime::MAX, |next| calendar.begin(next))
}

/// The periods of a report, in order. Each moment of its days is in exactly one.
pub fn periods(range: &ReportRange, interval: Interval, calendar: &dyn Calendar) -> Vec<Period> {
    match interval {
        Interval::Hour => hours(Span::of(range, calendar), calendar),
        Interval::Day => days(range, calendar, |day| (iso(day), written(day, DAY))),
        Interval::Week => days(range, calendar, |day| {
            let (year, week, _) = day.to_iso_week_date();
            (format!("{year:04}-W{week:02}"), format!("Week {week} of {year}"))
        }),
        Interval::Month => days(range, calendar, |day| (written(day, MONTH_KEY), written(day, MONTH))),
    }
}

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");
const MONTH: &[BorrowedFormatItem<'_>] = format_description!("[month repr:long] [year]");
const MONTH_KEY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]");
const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
const OFFSET: &[BorrowedFormatItem<'_>] = format_description!("[offset_hour sign:mandatory]:[offset_minute]");

/// A day as people read it. The formats have nothing that a day lacks.
fn written(day: Date, format: &[BorrowedFormatItem<'_>]) -> String {
    day.format(format).unwrap_or_default()
}

fn iso(day: Date) -> String {
    written(day, ISO)
}

/// The days that have the same key and name, as one period.
fn days(range: &ReportRange, calendar: &dyn Calendar, named: impl Fn(Date) -> (String, String)) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    let mut from = calendar.begin(range.from());
    for day in range.days() {
        let to = end(day, calendar).max(from);
        let (key, name) = named(day);
        match periods.last_mut() {
            Some(last) if last.key == key => last.span.to = to,
            _ => periods.push(Period { key, name, span: Span { from, to } }),
        }
        from = to;
    }
    periods
}

/// An hour ends when the clocks show the next full one.
fn hours(all: Span, calendar: &dyn Calendar) -> Vec<Period> {
    let clocks = |at: UtcDateTime| at.to_offset(calendar.offset(at));
    let mut periods: Vec<(OffsetDateTime, Period)> = Vec::new();
    let mut from = all.from;
    while from < all.to {
        let local = clocks(from);
        let past = Duration::seconds(i64::from(local.minute()) * 60 + i64::from(local.second()))
            + Duration::nanoseconds(local.nanosecond().into());
        let to = from.checked_add(Duration::HOUR - past).map_or(all.to, |next| next.min(all.to));
        let clock = local.format(CLOCK).unwrap_or_default();
        let key = format!("{}T{clock}", iso(local.date()));
        let name = format!("{}, {clock}", written(local.date(), DAY));
        periods.push((local, Period { key, name, span: Span { from, to } }));
        from = to;
    }
    tell_apart(&mut periods);
    periods.into_iter().map(|(_, period)| period).collect()
}

/// Adds the offset to hours that the clocks show twice.
fn tell_apart(periods: &mut [(OffsetDateTime, Period)]) {
    let mut seen = HashSet::new();
    let repeated: HashSet<_> =
        periods.iter().map(|(_, period)| period.key.clone()).filter(|key| !seen.insert(key.clone())).collect();
    for (local, period) in periods.iter_mut().filter(|(_, period)| repeated.contains(&period.key)) {
        let offset = local.format(OFFSET).unwrap_or_default();
        period.key.push_str(&offset);
        period.name = format!("{} ({offset})", period.name);
    }
}

#[cfg(test)]
mod tests;
