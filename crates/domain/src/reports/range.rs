use time::Duration;

use super::Breakdown;
use crate::{Code, Date, Invalid};

/// The days of a report of sales, and what its rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportRange {
    from: Date,
    to: Date,
    by: Breakdown,
}

/// Why the days of a report are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRange {
    /// The field: the last day.
    pub field: &'static str,
    /// The reason.
    pub invalid: Invalid,
}

impl ReportRange {
    /// The days from `from` to `to`, both included.
    ///
    /// # Errors
    /// If the last day comes before the first one, or they are more than [`Breakdown::most_days`].
    pub fn parse(from: Date, to: Date, by: Breakdown) -> Result<Self, BadRange> {
        let refused = |code, message| Err(BadRange { field: "to", invalid: Invalid::new(code, message) });
        if to < from {
            return refused(Code::TooSmall, format!("must not be before from, which is {from}"));
        }
        let last = from.saturating_add(Duration::days((by.most_days() - 1).into()));
        if to > last {
            let (word, most) = (by.as_str(), by.most_days());
            let message = format!("must be {last} at the latest: a report by {word} has at most {most} days");
            return refused(Code::TooLarge, message);
        }
        Ok(Self { from, to, by })
    }

    /// The last `days` up to a day, which is one of them. No more than [`Breakdown::most_days`], and at least that day.
    pub fn up_to(to: Date, days: u16, by: Breakdown) -> Self {
        let before = days.clamp(1, by.most_days()) - 1;
        Self { from: to.saturating_sub(Duration::days(before.into())), to, by }
    }

    /// The first day.
    pub const fn from(&self) -> Date {
        self.from
    }

    /// The last day.
    pub const fn to(&self) -> Date {
        self.to
    }

    /// What the rows are about.
    pub const fn by(&self) -> Breakdown {
        self.by
    }

    /// The days, in order.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let to = self.to;
        std::iter::successors(Some(self.from), |day| day.next_day()).take_while(move |day| *day <= to)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_report_has_at_most_400_days_92_by_group_and_31_by_hour_r244() {
        let from = date!(2026 - 01 - 31);
        for by in Breakdown::ALL.iter().copied() {
            let most = match by {
                Breakdown::Hour => 31,
                Breakdown::Day | Breakdown::Week | Breakdown::Month => 400,
                Breakdown::Product | Breakdown::Category | Breakdown::Country => 92,
            };
            let last = from + Duration::days(most - 1);
            let days: Vec<_> = ReportRange::parse(from, last, by).unwrap().days().collect();
            assert_eq!((days.len(), days[0], days[days.len() - 1]), (usize::try_from(most).unwrap(), from, last));
            let refused = ReportRange::parse(from, last + Duration::DAY, by).unwrap_err();
            assert_eq!((refused.field, refused.invalid.code), ("to", Code::TooLarge));
            assert!(refused.invalid.message.contains(&last.to_string()), "{}", refused.invalid.message);
        }
        let refused = ReportRange::parse(from, date!(2026 - 01 - 30), Breakdown::Day).unwrap_err();
        assert_eq!((refused.field, refused.invalid.code), ("to", Code::TooSmall));
    }

    #[test]
    fn the_last_days_are_no_more_than_a_report_has_r244() {
        let to = date!(2026 - 11 - 29);
        let days = |days, by| ReportRange::up_to(to, days, by).days().count();
        assert_eq!(days(30, Breakdown::Day), 30);
        assert_eq!((days(0, Breakdown::Day), days(500, Breakdown::Day), days(100, Breakdown::Product)), (1, 400, 92));
        assert_eq!(ReportRange::up_to(to, 2, Breakdown::Day).from(), date!(2026 - 11 - 28));
    }

    #[test]
    fn a_report_of_the_last_day_of_all_ends_r244() {
        assert_eq!(ReportRange::parse(Date::MAX, Date::MAX, Breakdown::Day).unwrap().days().count(), 1);
    }
}
