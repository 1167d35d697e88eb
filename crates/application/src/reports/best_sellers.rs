use domain::pricing::Calendar;
use domain::reports::{Breakdown, ReportQueries, ReportRange, SalesRow};
use domain::{Date, StoreError};

/// The products that sold best up to a day, by gross: at most `limit`. There are `days` of them, that day included, and no
/// more than a report by product has.
///
/// # Errors
/// If the store fails.
pub async fn best_sellers(
    reports: &dyn ReportQueries,
    calendar: &dyn Calendar,
    last: Date,
    days: u16,
    limit: usize,
) -> Result<Vec<SalesRow>, StoreError> {
    let report = super::sales(reports, calendar, ReportRange::up_to(last, days, Breakdown::Product)).await?;
    Ok(report.rows.into_iter().filter(|row| row.sales.tally.units > 0).take(limit).collect())
}
