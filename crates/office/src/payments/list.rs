use std::collections::HashMap;

use application::Error;
use domain::Limit;
use domain::access::Noun::Orders;
use domain::access::Scope::Read;
use domain::orders::{OrderFilter, OrderId, OrderScope};
use domain::payments::{Finding, Payment, PaymentFilter};
use maud::{Markup, html};

use super::SECTION;
use crate::layout::page;
use crate::orders::name;
use crate::page::Answer;
use crate::parts::{address, badge, money, pager, time};
use crate::request::{Staff, first};

const LIST: &str = "payments";

/// What the list shows, and the parameter that says so.
const TABS: [(&str, &str); 3] = [("All", ""), ("Needs attention", "finding"), ("Refunds to pay", "refund_to_pay")];

/// Payments of all orders, newest first: all, those of which something does not add up, or those with refunds that people
/// have to pay.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let (with_finding, refund_to_pay) = (staff.query("finding").is_some(), staff.query("refund_to_pay").is_some());
    let filter = PaymentFilter { with_finding, refund_to_pay, ..PaymentFilter::default() };
    let found = staff.office.queries.payments.list(&filter, &staff.list_page(LIST)).await?;
    let numbers = numbers(staff, &found.items).await?;
    let body = html! {
        @if staff.may(Read(Orders)) { p.back { a href=(staff.to("orders")) { "Orders" } } }
        h1 { "Payments" }
        nav.tabs aria-label="Payments" {
            @for (label, name) in TABS {
                @let to = address("payments", (!name.is_empty()).then_some((name, "true")));
                a href=(staff.to(&to)) aria-current=[is_here(staff, name).then_some("page")] { (label) }
            }
        }
        @if refund_to_pay {
            p { "You have to pay these refunds yourself, by bank transfer or in cash. Then mark each as paid on the page of its order." }
        }
        @if found.items.is_empty() { p.empty { "No payments found." } } @else {
            div.card {
                table {
                    thead { tr { @if staff.may(Read(Orders)) { th { "Order" } } th { "Begun" } th { "How" } th { "Status" } th { "Needs attention" } th.number { "Amount" } th.number { "Taken" } } }
                    tbody { @for payment in &found.items { (row(staff, payment, numbers.get(&payment.order_id))) } }
                }
            }
        }
        (pager(staff, "payments", LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Payments", &body))
}

/// Whether the list shows a tab: it has its parameter and no other one.
fn is_here(staff: &Staff, name: &str) -> bool {
    TABS.iter()
        .filter(|(_, other)| !other.is_empty())
        .all(|(_, other)| staff.query(other).is_some() == (*other == name))
}

/// The numbers of the orders of these payments, for those who may open orders.
async fn numbers(staff: &Staff, payments: &[Payment]) -> Result<HashMap<OrderId, String>, Error> {
    if payments.is_empty() || !staff.may(Read(Orders)) {
        return Ok(HashMap::new());
    }
    let ids = payments.iter().map(|payment| payment.order_id).collect();
    let filter = OrderFilter { ids, ..OrderFilter::default() };
    let found = staff.office.queries.orders.list(OrderScope::All, &filter, &first(Limit::MAX)).await?;
    Ok(found.items.iter().map(|order| (order.id, name(order))).collect())
}

fn row(staff: &Staff, payment: &Payment, number: Option<&String>) -> Markup {
    let how = payment.method_label.as_ref().map_or(payment.provider.as_str(), |label| label.as_str());
    html! {
        tr {
            @if staff.may(Read(Orders)) {
                td data-label="Order" {
                    a.name href=(staff.to(&format!("orders/{}", payment.order_id))) { (number.map_or("Order", String::as_str)) }
                }
            }
            td data-label="Begun" { (time(staff, payment.created_at)) }
            td data-label="How" { (how) }
            td data-label="Status" { (badge(payment.status.as_str())) }
            td data-label="Needs attention" { (payment.finding.map(Finding::as_str).unwrap_or_default().replace('_', " ")) }
            td.number data-label="Amount" { (money(payment.money(payment.amount))) }
            td.number data-label="Taken" { (money(payment.money(payment.captured))) }
        }
    }
}
