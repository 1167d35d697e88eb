use domain::StoreError;
use domain::pricing::Calendar;
use domain::reports::{Group, Interval, Kind, ReportQueries, ReportRange, SalesReport, Span, periods};

use super::too_large;

/// A report of sales. Its days are those of `calendar`.
///
/// # Errors
/// If the store fails.
pub async fn sales(
    reports: &dyn ReportQueries,
    calendar: &dyn Calendar,
    range: ReportRange,
) -> Result<SalesReport, StoreError> {
    match range.by().kind() {
        Kind::Periods(interval) => by_period(reports, calendar, range, interval).await,
        Kind::Groups(group) => by_group(reports, calendar, range, group).await,
    }
}

async fn by_period(
    reports: &dyn ReportQueries,
    calendar: &dyn Calendar,
    range: ReportRange,
    interval: Interval,
) -> Result<SalesReport, StoreError> {
    let periods = periods(&range, interval, calendar);
    let spans: Vec<_> = periods.iter().map(|period| period.span).collect();
    let sold = reports.sold(&spans).await?;
    let refunded = reports.refunded(&spans).await?;
    SalesReport::by_period(range, periods, &sold, &refunded).map_err(too_large)
}

async fn by_group(
    reports: &dyn ReportQueries,
    calendar: &dyn Calendar,
    range: ReportRange,
    group: Group,
) -> Result<SalesReport, StoreError> {
    let span = Span::of(&range, calendar);
    let orders = reports.sold(&[span]).await?.first().map_or(0, |tally| tally.orders);
    let sold = reports.sold_by(span, group).await?;
    let refunded = reports.refunded_by(span, group).await?;
    SalesReport::by_group(range, orders, sold, &refunded).map_err(too_large)
}
