use domain::payments::{Finding, Payment, PaymentFilter};
use maud::{Markup, html};

use super::SECTION;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, money, pager, time};
use crate::request::Staff;

const LIST: &str = "payments";

/// Payments of all orders, newest first: all, or those of which something does not add up.
pub(crate) async fn list(staff: Staff) -> Answer {
    let with_finding = staff.query("finding").is_some();
    let filter = PaymentFilter { with_finding, ..PaymentFilter::default() };
    let found = staff.office.queries.payments.list(&filter, &staff.list_page(LIST)).await?;
    let body = html! {
        h1 { "Payments" }
        nav.tabs aria-label="Payments" {
            @for (label, place, here) in [("All", "payments", !with_finding), ("To look at", "payments?finding=true", with_finding)] {
                a href=(staff.to(place)) aria-current=[here.then_some("page")] { (label) }
            }
        }
        @if found.items.is_empty() { p.empty { "No payment is here." } } @else {
            div.card {
                table {
                    thead { tr { th { "Begun" } th { "How" } th { "Status" } th { "To look at" } th.number { "Amount" } th.number { "Taken" } } }
                    tbody { @for payment in &found.items { (row(&staff, payment)) } }
                }
            }
        }
        (pager(&staff, "payments", LIST, found.next.as_ref()))
    };
    Ok(page(&staff, SECTION, "Payments", &body))
}

fn row(staff: &Staff, payment: &Payment) -> Markup {
    let how = payment.method_label.as_ref().map_or(payment.provider.as_str(), |label| label.as_str());
    html! {
        tr {
            td data-label="Begun" {
                a.name href=(staff.to(&format!("orders/{}", payment.order_id))) { (time(staff, payment.created_at)) }
            }
            td data-label="How" { (how) }
            td data-label="Status" { (badge(payment.status.as_str())) }
            td data-label="To look at" { (payment.finding.map(Finding::as_str).unwrap_or_default().replace('_', " ")) }
            td.number data-label="Amount" { (money(payment.money(payment.amount))) }
            td.number data-label="Taken" { (money(payment.money(payment.captured))) }
        }
    }
}
