use domain::Currency;
use domain::pricing::Utc;
use domain::reports::{Breakdown, Interval, ReportRange, Sales, SalesReport, SalesRow, Tally, periods};
use serde::Serialize;
use serde_json::Value;

use crate::example;
use crate::respond::{Day, Tabular, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// What was sold.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "SalesReport")]
pub(crate) struct SalesBody {
    /// The first day.
    from: Day,
    /// The last day.
    to: Day,
    /// What a row is about.
    by: Word<Breakdown>,
    /// The currency of all amounts, which are in its minor unit.
    currency: Word<Currency>,
    rows: Vec<RowBody>,
    totals: TotalsBody,
}

/// What was sold in a period, or of a group.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "SalesRow")]
struct RowBody {
    /// `2026-11-29T13:00` with the offset if the clocks show it twice, `2026-11-29`, `2026-W48`, `2026-11`; the id of the
    /// product, the slug of the category, or the country. Empty for products without a category and orders without an
    /// address.
    key: String,
    /// As people read it.
    name: String,
    orders: i64,
    units: i64,
    /// What the lines cost before discounts.
    gross: i64,
    /// What promotions took off the lines.
    discounts: i64,
    /// What went back.
    refunds: i64,
    /// Gross without discounts and refunds.
    net: i64,
    /// The net amount of an order; null without orders.
    average: Option<i64>,
}

/// What was sold in all.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "SalesTotals")]
struct TotalsBody {
    orders: i64,
    units: i64,
    /// What the lines cost before discounts.
    gross: i64,
    /// What promotions took off the lines.
    discounts: i64,
    /// What went back.
    refunds: i64,
    /// Gross without discounts and refunds.
    net: i64,
    /// The net amount of an order; null without orders.
    average: Option<i64>,
}

impl SalesBody {
    pub(super) fn new(report: &SalesReport, currency: Currency) -> Self {
        Self {
            from: Day(report.range.from()),
            to: Day(report.range.to()),
            by: report.range.by().as_str().into(),
            currency: currency.code().into(),
            rows: report.rows.iter().map(RowBody::from).collect(),
            totals: TotalsBody::from(report.totals),
        }
    }
}

impl From<&SalesRow> for RowBody {
    fn from(row: &SalesRow) -> Self {
        let TotalsBody { orders, units, gross, discounts, refunds, net, average } = row.sales.into();
        let (key, name) = (row.key.clone(), row.name.clone());
        Self { key, name, orders, units, gross, discounts, refunds, net, average }
    }
}

impl From<Sales> for TotalsBody {
    fn from(sales: Sales) -> Self {
        let Sales { tally: Tally { orders, units, gross, discounts }, refunds, net } = sales;
        Self { orders, units, gross, discounts, refunds, net, average: sales.average() }
    }
}

impl Tabular for SalesBody {
    const HEAD: &'static [&'static str] =
        &["key", "name", "orders", "units", "gross", "discounts", "refunds", "net", "average", "currency"];

    fn lines(&self) -> Vec<Value> {
        crate::respond::lines(&self.rows, &self.currency)
    }
}

impl ResponseBody for SalesBody {
    fn example() -> Self {
        let range = ReportRange::up_to(example::NOW.date(), 1, Breakdown::Day);
        let sold = [Tally { orders: 2, units: 3, gross: 5997, discounts: 500 }];
        let report = SalesReport::by_period(range, periods(&range, Interval::Day, &Utc), &sold, &[1999]);
        let nothing = |_| SalesReport { range, rows: Vec::new(), totals: Sales::default() };
        Self::new(&report.unwrap_or_else(nothing), example::shop().currency)
    }
}
