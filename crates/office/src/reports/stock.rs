use domain::Money;
use maud::html;

use super::{SECTION, tabs};
use crate::host::Table;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{amount, download, pager};
use crate::request::Staff;

const LIST: &str = "stock value";

/// What the stock is worth.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let currency = staff.office.shop.currency;
    let money = |value| amount(Money { amount: value, currency });
    let reports = &staff.office.queries.reports;
    let (totals, found) = (reports.stock_totals().await?, reports.stock_values(&staff.list_page(LIST)).await?);
    let figures = [
        ("Worth at today's prices", money(totals.value)),
        ("Units", totals.on_hand.to_string()),
        ("Products", totals.products.to_string()),
    ];
    let body = html! {
        (tabs(staff, "Stock"))
        dl.figures { @for (label, figure) in figures { div.card { dt { (label) } dd { (figure) } } } }
        div.card {
            table {
                thead { tr { th { "Product" } th.number { "On hand" } th.number { "Price" } th.number { "Worth" } } }
                tbody {
                    @for row in &found.items {
                        tr {
                            td data-label="Product" { (row.name.as_str()) }
                            td.number data-label="On hand" { (row.on_hand) }
                            td.number data-label="Price" { (money(row.price.amount())) }
                            td.number data-label="Worth" { (money(row.value())) }
                        }
                    }
                }
            }
        }
        (pager(staff, "reports/stock", LIST, found.next.as_ref()))
        @if !found.items.is_empty() { (download(staff, "reports/stock.csv")) }
    };
    Ok(page(staff, SECTION, "Stock report", &body))
}

/// The same as a file. Amounts are in minor units, as in the API.
pub(crate) async fn table(staff: &Staff) -> Answer {
    staff.office.host.table(Table::StockValues).await
}
