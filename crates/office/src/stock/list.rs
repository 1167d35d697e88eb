use application::Error;
use domain::access::Noun;
use domain::access::Scope::Write;
use domain::stock::{Stock, StockFilter};
use maud::{Markup, html};

use super::{SECTION, named, products, tabs};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, key, pager};
use crate::request::Staff;

const LIST: &str = "stock";

/// How much is there of each product.
pub(crate) async fn list(staff: Staff) -> Answer {
    let is_low = staff.query("low") == Some("true");
    let filter = StockFilter { below_threshold: is_low.then_some(true), ..StockFilter::default() };
    let found = staff.office.queries.stock.list(&filter, &staff.list_page(LIST)).await?;
    let rows = rows(&staff, &found.items).await?;
    let body = html! {
        (tabs(&staff, if is_low { "Low" } else { "All" }))
        @if is_low && staff.may(Write(Noun::Stock)) {
            form method="post" action=(staff.to("restocks/run")) {
                (key(&staff, &crate::form::Form::default()))
                button { "Order what is low" }
            }
        }
        @if found.items.is_empty() { p.empty { @if is_low { "Nothing is low." } @else { "There is no product." } } }
        @else { (rows) }
        (pager(&staff, "stock", LIST, found.next.as_ref()))
    };
    Ok(page(&staff, SECTION, "Stock", &body))
}

async fn rows(staff: &Staff, items: &[Stock]) -> Result<Markup, Error> {
    let products = products(staff, items.iter().map(|stock| stock.product_id)).await?;
    Ok(html! {
        div.card {
            table {
                thead {
                    tr { th { "Product" } th.number { "On hand" } th.number { "Reorder below" } th.number { "Fill up to" } th {} }
                }
                tbody {
                    @for stock in items {
                        tr {
                            td data-label="Product" { (named(staff, stock.product_id, products.get(&stock.product_id))) }
                            td.number data-label="On hand" {
                                @if stock.on_hand == 0 { (badge("out")) " " }
                                @else if stock.below_threshold() { (badge("low")) " " }
                                (stock.on_hand)
                            }
                            td.number data-label="Reorder below" { (stock.restock_threshold) }
                            td.number data-label="Fill up to" { (stock.restock_target) }
                            td.number {
                                @if staff.may(Write(Noun::Stock)) {
                                    a.button data-opens href=(staff.to(&format!("stock/{}/adjust", stock.product_id))) {
                                        "Adjust"
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}
