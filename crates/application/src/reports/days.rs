use domain::pricing::Calendar;
use domain::reports::{Breakdown, ReportQueries, ReportRange, Sales, Span};
use domain::{Date, StoreError};

use super::too_large;

/// The sales of single days, in the order of the days: of today, and of the same day a week ago.
///
/// # Errors
/// If the store fails.
pub async fn sales_of_days(
    reports: &dyn ReportQueries,
    calendar: &dyn Calendar,
    days: &[Date],
) -> Result<Vec<Sales>, StoreError> {
    let span = |day: &Date| ReportRange::up_to(*day, 1, Breakdown::Day);
    let spans: Vec<_> = days.iter().map(|day| Span::of(&span(day), calendar)).collect();
    let sold = reports.sold(&spans).await?;
    let refunded = reports.refunded(&spans).await?;
    let sales = sold.into_iter().zip(refunded).map(|(tally, refunds)| Sales::new(tally, refunds));
    sales.collect::<Result<_, _>>().map_err(too_large)
}
