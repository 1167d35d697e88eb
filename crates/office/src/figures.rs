//! What the shop sold, for the first page (R238).

use application::{Error, reports};
use domain::UtcDateTime;
use domain::pricing::Calendar;
use domain::reports::{Breakdown, ReportQueries, ReportRange, Sales, SalesReport, SalesRow};

/// The days of the chart.
const DAYS: u16 = 30;
/// The number of the best sellers.
const BEST: usize = 5;
/// About as many orders are read for the best sellers.
const READ_FOR_BEST: i64 = 10_000;

/// What the shop sold.
#[derive(Debug)]
pub struct Figures {
    pub(crate) today: Sales,
    pub(crate) week_ago: Sales,
    pub(crate) weekday: String,
    pub(crate) days: SalesReport,
    pub(crate) best: Vec<SalesRow>,
    /// The days of the best sellers, today among them.
    pub(crate) best_days: u16,
}

impl Figures {
    /// What the shop sold until `now`.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(crate) async fn of(
        queries: &dyn ReportQueries,
        calendar: &dyn Calendar,
        now: UtcDateTime,
    ) -> Result<Self, Error> {
        let day = calendar.day(now);
        let before = day.saturating_sub(time::Duration::WEEK);
        let sales = reports::sales_of_days(queries, calendar, &[day, before]).await?;
        let of = |place: usize| sales.get(place).copied().unwrap_or_default();
        let days = reports::sales(queries, calendar, ReportRange::up_to(day, DAYS, Breakdown::Day)).await?;
        let best_days = days_for_best(&days);
        Ok(Figures {
            today: of(0),
            week_ago: of(1),
            weekday: before.weekday().to_string(),
            best: reports::best_sellers(queries, calendar, day, best_days, BEST).await?,
            best_days,
            days,
        })
    }
}

/// How many of the last days have some [`READ_FOR_BEST`] orders together: at least today.
fn days_for_best(report: &SalesReport) -> u16 {
    let mut orders = 0;
    let enough = report.rows.iter().rev().position(|row| {
        orders += row.sales.tally.orders;
        orders >= READ_FOR_BEST
    });
    enough.and_then(|days| u16::try_from(days + 1).ok()).unwrap_or(DAYS)
}

#[cfg(test)]
mod tests {
    use domain::reports::Tally;

    use super::*;

    fn report(orders: &[i64]) -> SalesReport {
        let today = time::macros::date!(2026 - 11 - 29);
        let row = |orders: &i64| SalesRow {
            key: String::new(),
            name: String::new(),
            sales: Sales::new(Tally { orders: *orders, ..Tally::default() }, 0).unwrap(),
        };
        let range = ReportRange::up_to(today, DAYS, Breakdown::Day);
        SalesReport { range, rows: orders.iter().map(row).collect(), totals: Sales::default() }
    }

    #[test]
    fn best_sellers_are_those_of_as_many_days_as_are_read_in_a_moment_r238() {
        assert_eq!(days_for_best(&report(&[5; 30])), 30);
        assert_eq!(days_for_best(&report(&[4_000; 30])), 3);
        assert_eq!(days_for_best(&report(&[0, 0, 20_000])), 1);
    }
}
