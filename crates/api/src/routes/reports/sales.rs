use std::sync::Arc;

use application::FieldError;
use domain::Date;
use domain::reports::{Breakdown, ReportRange};

use super::TAG;
use super::sales_body::SalesBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Query, Staff, bad_query, day_parameter};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::CsvOr;

/// Which days are wanted, and what a row is about.
pub(crate) struct SalesQuery {
    from: Option<Date>,
    to: Option<Date>,
    by: Breakdown,
}

/// How many days a report has that does not say it.
const USUAL_DAYS: u16 = 30;

impl FromQuery for SalesQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let from = params.optional(
            "from",
            "The first day, such as 2026-01-31, in the time zone of the shop. If it is not given, the report has 30 days.",
            day_parameter,
        );
        let to = params.optional(
            "to",
            "The last day, which is part of the report. Today if it is not given. At most 400 days from the first one, 92 \
             by product, category and country, 31 by hour.",
            day_parameter,
        );
        let by = params.optional("by", "What a row is about. A day if it is not given.", Breakdown::parse);
        Some(Self { from: from?, to: to?, by: by?.unwrap_or(Breakdown::Day) })
    }
}

impl SalesQuery {
    fn range(&self, today: Date) -> Result<ReportRange, Problem> {
        let to = self.to.unwrap_or(today);
        let Some(from) = self.from else { return Ok(ReportRange::up_to(to, USUAL_DAYS, self.by)) };
        ReportRange::parse(from, to, self.by).map_err(|bad| bad_query(vec![FieldError::new(bad.field, bad.invalid)]))
    }
}

pub(crate) const SALES: Operation = Operation::new(
    TAG,
    "salesReport",
    "Show what was sold, by time, product, category or country",
    "Days are those of `shop.time_zone`. An order counts when it was placed, and not at all if it is cancelled. A refund \
     counts when the money went back, also if its order is older. `gross` is what the lines cost before discounts, as \
     `totals.subtotal` of an order says; `discounts` is what promotions took off the lines; `net` is gross without \
     discounts and refunds, and `average` the net amount of an order. `refunds` are what went back, with tax and shipping.\
     \n\nEvery hour, day, week and month of the report has a row. By product, category and country the largest gross comes \
     first; an order counts in each row of which it has a line, and once in the totals; a refund is shared among the lines of \
     its order. A product counts in its main category of now. With `Accept: text/csv` the rows are a table.",
);

pub(crate) async fn sales(
    _staff: Staff,
    state: Arc<State>,
    query: Query<SalesQuery>,
) -> Result<CsvOr<SalesBody>, Problem> {
    let range = query.0.range(state.calendar.day(state.clock.now()))?;
    let reports = state.queries.reports.as_ref();
    let report = application::reports::sales(reports, state.calendar.as_ref(), range).await?;
    Ok(CsvOr(SalesBody::new(&report, state.shop.currency)))
}
