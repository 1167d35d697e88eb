use std::collections::HashMap;

use application::Error;
use domain::Page;
use domain::access::Noun::Orders;
use domain::access::Scope::Write;
use domain::customers::{CustomerId, CustomerSummary};
use domain::orders::{Order, OrderFilter, OrderNumber, OrderScope, OrderSearch, OrderStatus};
use domain::payments::OrderPaymentStatus;
use maud::{Markup, html};

use super::{SECTION, name};
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{address, badge, finder, money, pager, time};
use crate::request::{Staff, first};

const LIST: &str = "orders";

/// What is to be done, and the filter that shows it.
const TABS: [(&str, &str, &str); 6] = [
    ("All", "", ""),
    ("To prepare", "status", "placed"),
    ("To ship", "status", "processing"),
    ("Unpaid", "payment", "unpaid"),
    ("On the way", "status", "shipped"),
    ("Cancelled", "status", "cancelled"),
];

/// The orders on the home page.
const LATEST: i64 = 8;

/// The list of orders.
pub(crate) async fn list(staff: Staff) -> Answer {
    let rows = rows(&staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let chosen = |name: &str, value: &str| match name {
        "" => staff.query("status").is_none() && staff.query("payment").is_none(),
        name => staff.query(name) == Some(value),
    };
    let body = html! {
        h1 { "Orders" }
        nav.tabs aria-label="Orders by what is to be done" {
            @for (label, name, value) in TABS {
                @let to = address("orders", (!name.is_empty()).then_some((name, value)));
                a href=(staff.to(&to)) aria-current=[chosen(name, value).then_some("page")] { (label) }
            }
        }
        (finder(&staff, "orders", "Find orders", "Number, name or email", &["status", "payment"]))
        (rows)
    };
    Ok(page(&staff, SECTION, "Orders", &body))
}

/// The filter that the query says. What makes no sense filters nothing.
fn filter(staff: &Staff) -> OrderFilter {
    let status = staff.query("status").and_then(|status| OrderStatus::parse(status).ok());
    let payment_status = staff.query("payment").and_then(|status| OrderPaymentStatus::parse(status).ok());
    let mut filter = OrderFilter { status, payment_status, ..OrderFilter::default() };
    if let Some(typed) = staff.query("q") {
        match OrderNumber::parse(typed) {
            Ok(number) => filter.number = Some(number),
            Err(_) => filter.search = OrderSearch::parse(typed).ok(),
        }
    }
    filter
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let queries = &staff.office.queries;
    let found = queries.orders.list(OrderScope::All, &filter(staff), &staff.list_page(LIST)).await?;
    let table = table(staff, &found, staff.may(Write(Orders))).await?;
    Ok(
        html! { div #list { form action=(staff.to("orders/ship")) { (table) } (pager(staff, "orders", LIST, found.next.as_ref())) } },
    )
}

/// The newest orders.
pub(crate) async fn latest(staff: &Staff) -> Result<Markup, Error> {
    newest(staff, &OrderFilter::default()).await
}

/// The orders of a customer, newest first.
pub(crate) async fn of_customer(staff: &Staff, customer_id: CustomerId) -> Result<Markup, Error> {
    newest(staff, &OrderFilter { customer_id: Some(customer_id), ..OrderFilter::default() }).await
}

async fn newest(staff: &Staff, filter: &OrderFilter) -> Result<Markup, Error> {
    let found = staff.office.queries.orders.list(OrderScope::All, filter, &first(LATEST)).await?;
    table(staff, &found, false).await
}

/// Rows of orders. With `chooses` they can be chosen, to be shipped or printed together.
async fn table(staff: &Staff, found: &Page<Order>, chooses: bool) -> Result<Markup, Error> {
    let mut ids: Vec<_> = found.items.iter().map(|order| order.customer_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers = staff.office.queries.customers.summaries(&ids).await?;
    let customers: HashMap<_, _> = customers.into_iter().map(|customer| (customer.id, customer)).collect();
    Ok(html! {
        @if found.items.is_empty() { p.empty { "No order is here." } } @else {
            @if chooses {
                div.bulk {
                    button { "Ship the chosen ones" }
                    button formaction=(staff.to("orders/slips")) { "Print their packing slips" }
                }
            }
            div.card {
                table {
                    thead {
                        tr {
                            @if chooses { th { span.hidden { "Choose" } } }
                            th { "Order" } th { "Placed" } th { "Customer" } th { "Status" } th { "Payment" }
                            th.number { "Units" } th.number { "Total" }
                        }
                    }
                    tbody { @for order in &found.items { (row(staff, order, customers.get(&order.customer_id), chooses)) } }
                }
            }
        }
    })
}

fn row(staff: &Staff, order: &Order, customer: Option<&CustomerSummary>, chooses: bool) -> Markup {
    let units: i64 = order.lines.iter().map(|line| line.quantity.get()).sum();
    html! {
        tr {
            @if chooses {
                td.choose { input type="checkbox" name="id" value=(order.id) aria-label={ "Choose order " (name(order)) }; }
            }
            td data-label="Order" { a.name href=(staff.to(&format!("orders/{}", order.id))) { (name(order)) } }
            td data-label="Placed" { (time(staff, order.placed_at)) }
            td data-label="Customer" {
                @match customer { Some(customer) => (customer.name.as_str()), None => span.faint { "erased" } }
            }
            td data-label="Status" { (badge(order.status.as_str())) }
            td data-label="Payment" { @if let Some(balance) = &order.balance { (badge(balance.status.as_str())) } }
            td.number data-label="Units" { (units) }
            td.number data-label="Total" { (money(order.total)) }
        }
    }
}
