use application::restocks::RunRestocks;
use domain::access::Noun;
use domain::access::Scope::Write;
use domain::restocks::{RestockFilter, RestockId, RestockStatus};
use maud::html;

use super::{SECTION, named, products, tabs, with_list};
use crate::act::{once, redirect};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{pager, time};
use crate::request::Staff;

const LIST: &str = "restocks";

/// The deliveries that are due.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let queries = &staff.office.queries;
    let filter = RestockFilter { status: Some(RestockStatus::Open), ..RestockFilter::default() };
    let found = queries.restocks.list(&filter, &staff.list_page(LIST)).await?;
    let products = products(staff, found.items.iter().map(|restock| restock.product_id)).await?;
    let may = staff.may(Write(Noun::Stock));
    let place = |id: RestockId, verb: &str| staff.to(&with_list(staff, &format!("restocks/{id}/{verb}"), []));
    let body = html! {
        (tabs(staff, "Due"))
        @if found.items.is_empty() { p.empty { "No delivery is due." } } @else {
            div.card {
                table {
                    thead { tr { th { "Product" } th.number { "Units" } th { "Ordered" } th {} } }
                    tbody {
                        @for restock in &found.items {
                            tr {
                                td data-label="Product" { (named(staff, restock.product_id, products.get(&restock.product_id))) }
                                td.number data-label="Units" { (restock.quantity) }
                                td data-label="Ordered" { (time(staff, restock.opened_at)) }
                                td {
                                    @if may {
                                        div.actions {
                                            a.button data-opens href=(place(restock.id, "cancel")) { "Cancel" }
                                            a.button data-opens href=(place(restock.id, "receive")) {
                                                "Receive"
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        (pager(staff, "restocks", LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Due deliveries", &body))
}

/// Orders whatever is low.
pub(crate) async fn run(staff: &Staff) -> Answer {
    once(staff, RunRestocks).await?;
    Ok(redirect(staff, "restocks?done=restock-run"))
}
