use application::restocks::RunRestocks;
use domain::access::Noun;
use domain::access::Scope::Write;
use domain::products::ProductSummary;
use domain::restocks::{Restock, RestockFilter, RestockStatus};
use maud::{Markup, html};

use super::{SECTION, named, products, tabs, with_list};
use crate::act::{once, redirect};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{pager, status_tabs, time};
use crate::request::Staff;

const LIST: &str = "restocks";

/// The tabs of the list by status, each with its word in the query.
const TABS: [(&str, &str); 3] = [("Open", ""), ("Received", "received"), ("Cancelled", "cancelled")];

/// The restocks that are due, or those that were received or cancelled.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let status =
        staff.query("status").and_then(|status| RestockStatus::parse(status).ok()).unwrap_or(RestockStatus::Open);
    let filter = RestockFilter { status: Some(status), ..RestockFilter::default() };
    let found = staff.office.queries.restocks.list(&filter, &staff.list_page(LIST)).await?;
    let products = products(staff, found.items.iter().map(|restock| restock.product_id)).await?;
    let (title, none) = match status {
        RestockStatus::Open => ("Due restocks", "No restock is due."),
        RestockStatus::Received => ("Received restocks", "No restock was received yet."),
        RestockStatus::Cancelled => ("Cancelled restocks", "No restock was cancelled yet."),
    };
    let body = html! {
        (tabs(staff, "Due"))
        nav.tabs aria-label="Restocks by status" { (status_tabs(staff, "restocks", &TABS, &[])) }
        @if found.items.is_empty() { p.empty { (none) } } @else {
            div.card {
                table {
                    thead {
                        tr {
                            th { "Product" }
                            th.number { "Units" }
                            th { "Ordered" }
                            @match status {
                                RestockStatus::Open => th {},
                                RestockStatus::Received => th { "Received" },
                                RestockStatus::Cancelled => th { "Cancelled" },
                            }
                        }
                    }
                    tbody {
                        @for restock in &found.items { (row(staff, restock, products.get(&restock.product_id))) }
                    }
                }
            }
        }
        (pager(staff, "restocks", LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, title, &body))
}

fn row(staff: &Staff, restock: &Restock, product: Option<&ProductSummary>) -> Markup {
    let place = |verb: &str| staff.to(&with_list(staff, &format!("restocks/{}/{verb}", restock.id), []));
    html! {
        tr {
            td data-label="Product" { (named(staff, restock.product_id, product)) }
            td.number data-label="Units" {
                (restock.quantity)
                @if restock.quantity != restock.ordered { br; span.faint { "of " (restock.ordered) } }
            }
            td data-label="Ordered" { (time(staff, restock.opened_at)) }
            @match restock.status {
                RestockStatus::Open => td {
                    @if staff.may(Write(Noun::Stock)) {
                        div.actions {
                            a.button data-opens href=(place("cancel")) { "Cancel" }
                            a.button data-opens href=(place("receive")) { "Receive" }
                        }
                    }
                },
                RestockStatus::Received => td data-label="Received" { (closed(staff, restock)) },
                RestockStatus::Cancelled => td data-label="Cancelled" { (closed(staff, restock)) },
            }
        }
    }
}

fn closed(staff: &Staff, restock: &Restock) -> Markup {
    html! { @if let Some(at) = restock.closed_at { (time(staff, at)) } }
}

/// Orders whatever is low.
pub(crate) async fn run(staff: &Staff) -> Answer {
    once(staff, RunRestocks).await?;
    Ok(redirect(staff, "restocks?done=restock-run"))
}
