//! Reports.

pub(crate) mod sales;
pub(crate) mod stock;

use domain::Money;
use domain::reports::{SalesReport, SalesRow};
use maud::{Markup, html};

use crate::parts::{Bar, amount, bars};
use crate::request::Staff;

const SECTION: &str = "Reports";

fn tabs(staff: &Staff, here: &str) -> Markup {
    html! {
        h1 { "Reports" }
        nav.tabs aria-label="Reports" {
            @for (label, page) in [("Sales", "reports"), ("Stock", "reports/stock")] {
                a href=(staff.to(page)) aria-current=[(label == here).then_some("page")] { (label) }
            }
        }
    }
}

/// The net sales of each row as bars.
pub(crate) fn sales_bars(staff: &Staff, name: &str, report: &SalesReport) -> Markup {
    let currency = staff.office.shop.currency;
    let bar = |row: &SalesRow| Bar {
        label: row.key.get(5..).unwrap_or(&row.key).to_owned(),
        title: format!("{}: {}", row.name, amount(Money { amount: row.sales.net, currency })),
        height: row.sales.net,
    };
    bars(name, &report.rows.iter().map(bar).collect::<Vec<_>>())
}
