use std::collections::HashMap;

use application::Error;
use domain::access::Noun::{Orders, Payments};
use domain::access::Scope::{Read, Write};
use domain::customers::{CustomerId, CustomerSummary};
use domain::orders::{Order, OrderFilter, OrderId, OrderScope, OrderSort};
use domain::{Cursor, CursorKey, Page, PageRequest};
use maud::{Markup, html};

use super::filter::{customer_id, product_id, understood, wanted};
use super::ship_many::just_shipped;
use super::{SECTION, name};
use crate::form::Form;
use crate::host::Table;
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{Chosen, Field, MOST_CHOSEN, address, badge, download, finder_with, money, pager, time};
use crate::request::{Staff, first};

/// The parameters of the list that say which orders are wanted. The page of an order keeps them.
const FILTERS: [&str; 9] = ["stage", "status", "payment", "product", "customer", "q", "from", "to", "sort"];

/// The orders before and after one in the list that it was opened from.
pub(super) struct Neighbours {
    pub(super) previous: Option<OrderId>,
    pub(super) next: Option<OrderId>,
}

impl Neighbours {
    /// The neighbours of an order among those that the query asks for.
    pub(super) async fn of(staff: &Staff, order: &Order) -> Result<Self, Error> {
        let filter = wanted(staff).await?;
        let one = PageRequest { after: Some(Cursor { key: CursorKey::Id, id: order.id.0 }), ..first(1) };
        let next = async |sort| {
            let filter = OrderFilter { sort: Some(sort), ..filter.clone() };
            let found = staff.office.queries.orders.list(OrderScope::All, &filter, &one).await?;
            Ok::<_, Error>(found.items.first().map(|order| order.id))
        };
        let (back, on) = match filter.sort {
            Some(OrderSort::Oldest) => (OrderSort::Newest, OrderSort::Oldest),
            Some(OrderSort::Newest) | None => (OrderSort::Oldest, OrderSort::Newest),
        };
        Ok(Self { previous: next(back).await?, next: next(on).await? })
    }
}

/// A page with the filter of the list that it was opened from.
pub(crate) fn with_filter(staff: &Staff, page: &str) -> String {
    address(page, filters(staff))
}

/// The page of an order after an action, which it shows as done, with the filter of the list.
pub(crate) fn done(staff: &Staff, id: OrderId, done: &str) -> String {
    address(&format!("orders/{id}"), filters(staff).chain([("done", done)]))
}

/// The parameters of the query that say which orders are wanted.
pub(super) fn filters(staff: &Staff) -> impl Iterator<Item = (&str, &str)> {
    staff.queries_of(&FILTERS)
}

/// The parameters of tabs. A tab has one of them.
const WORK: [&str; 3] = ["stage", "payment", "status"];

/// The parameters that each tab keeps.
const KEPT: [&str; 6] = ["product", "customer", "q", "from", "to", "sort"];

/// The tabs: label, parameter and its value.
const TABS: [(&str, &str, &str); 4] =
    [("To ship", "stage", "to_ship"), ("Unpaid", "payment", "unpaid"), ("Open", "stage", "open"), ("All", "", "")];

/// The statuses to choose from.
const STATUSES: [(&str, &str); 6] = [
    ("", "Any"),
    ("placed", "Placed"),
    ("processing", "Processing"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
    ("cancelled", "Cancelled"),
];

/// The sort orders of the list, each with its label.
const SORTS: [(&str, &str); 2] = [("", "Newest first"), ("placed_at", "Oldest first")];

/// The orders on the home page.
const LATEST: i64 = 8;

/// The list of orders.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let (product, customer) = (product(staff).await?, customer(staff).await?);
    let without = |name: &str| staff.to(&address("orders", filters(staff).filter(|(known, _)| *known != name)));
    let body = html! {
        div.heading {
            h1 {
                "Orders"
                @if let Some(product) = &product { " with " (product) }
                @if let Some(customer) = &customer { " of " (customer) }
            }
            @if staff.may(Read(Payments)) { div.actions { a.button href=(staff.to("payments")) { "Payments" } } }
        }
        @if product.is_some() || customer.is_some() {
            p {
                @if product.is_some() { a href=(without("product")) { "With any product" } " " }
                @if customer.is_some() { a href=(without("customer")) { "Of all customers" } }
            }
        }
        (just_shipped(staff))
        nav.tabs aria-label="Orders by what is to be done" {
            @for (label, name, value) in TABS {
                @let with = staff.queries_of(&KEPT);
                @let to = address("orders", (!name.is_empty()).then_some((name, value)).into_iter().chain(with));
                a href=(staff.to(&to)) aria-current=[is_here(staff, name, value).then_some("page")] { (label) }
            }
        }
        (finder_with(staff, "orders", "Find orders", "Number, name, email or tracking", &["stage", "payment", "product", "customer"], &fields(staff)))
        (rows)
    };
    Ok(page(staff, SECTION, "Orders", &body))
}

/// Whether the list shows a tab: it has its parameter and no other one of [`WORK`].
fn is_here(staff: &Staff, name: &str, value: &str) -> bool {
    WORK.iter().all(|other| staff.query(other) == (*other == name).then_some(value))
}

/// The fields that narrow the list and sort it.
fn fields(staff: &Staff) -> Markup {
    let shown = ["status", "from", "to", "sort"].map(|name| (name, staff.query(name).unwrap_or_default()));
    let form = Form::showing(shown);
    html! {
        (Field::choice(&form, "status", "Status", &STATUSES))
        (Field::text(&form, "from", "From").kind("date"))
        (Field::text(&form, "to", "To").kind("date"))
        (Field::choice(&form, "sort", "Order", &SORTS))
    }
}

/// The name of the product whose orders are wanted, if the query says one.
async fn product(staff: &Staff) -> Result<Option<String>, Error> {
    let Some(id) = product_id(staff) else { return Ok(None) };
    let found = staff.office.queries.products.summaries(&[id]).await?;
    Ok(Some(found.first().map_or_else(|| "a deleted product".to_owned(), |product| product.name.to_string())))
}

/// The name of the customer whose orders are wanted, if the query says one.
async fn customer(staff: &Staff) -> Result<Option<String>, Error> {
    let Some(id) = customer_id(staff) else { return Ok(None) };
    let found = staff.office.queries.customers.summaries(&[id]).await?;
    Ok(Some(found.first().map_or_else(|| "an erased customer".to_owned(), |customer| customer.name.to_string())))
}

/// The name of the list. A place in one order means nothing in the other.
const fn list_of(filter: &OrderFilter) -> &'static str {
    match filter.sort {
        Some(OrderSort::Oldest) => "orders, oldest first",
        Some(OrderSort::Newest) | None => "orders",
    }
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let filter = wanted(staff).await?;
    let list = list_of(&filter);
    let found = staff.office.queries.orders.list(OrderScope::All, &filter, &staff.list_page(list)).await?;
    let chosen = Chosen::of(staff, "orders", &FILTERS, found.items.iter().map(|order| order.id.0));
    let (has_rows, may_ship) = (!found.items.is_empty(), staff.may(Write(Orders)));
    let all = if has_rows && chosen.has_all() {
        all(staff, &filter).await?
    } else {
        html! {}
    };
    let table = table(staff, &found, has_rows.then_some(&chosen), true).await?;
    Ok(html! {
        div #list {
            @if has_rows {
                form action=(staff.to(if may_ship { "orders/ship" } else { "orders/slips" })) {
                    div.bulk {
                        @if may_ship { button { "Ship the chosen ones" } }
                        button formaction=(staff.to("orders/slips")) { "Print their packing slips" }
                        (chosen.button(staff))
                        (all)
                    }
                    (chosen.fields(staff))
                    (table)
                    (chosen.pager(staff, list, found.next.as_ref()))
                }
            } @else {
                (table)
                (pager(staff, "orders", list, found.next.as_ref()))
            }
            @if has_rows { (download(staff, "orders/export.csv")) }
        }
    })
}

/// The orders that the list finds, as many as are shipped at once, and whether these are all.
pub(super) async fn first_of_all(staff: &Staff, filter: &OrderFilter) -> Result<Page<Order>, Error> {
    let most = i64::try_from(MOST_CHOSEN).unwrap_or(i64::MAX);
    Ok(staff.office.queries.orders.list(OrderScope::All, filter, &first(most)).await?)
}

/// The parameter that chooses all matching orders.
pub(super) const ALL: &str = "all";

/// The buttons that act on all matching orders, with their number: at most [`MOST_CHOSEN`] at once.
async fn all(staff: &Staff, filter: &OrderFilter) -> Result<Markup, Error> {
    let (found, may_ship) = (first_of_all(staff, filter).await?, staff.may(Write(Orders)));
    let which = if found.next.is_some() { "the first" } else { "all" };
    let label = |verb: &str| format!("{verb} {which} {} that match", found.items.len());
    Ok(html! {
        @if may_ship { button name=(ALL) value="true" { (label("Ship")) } }
        button name=(ALL) value="true" formaction=(staff.to("orders/slips")) { (label("Print")) }
        @if found.next.is_some() {
            span.faint { "More match. At most " (MOST_CHOSEN) " are shipped or printed at once: ship these, then those that are left." }
        }
    })
}

/// All orders of the list, as a file.
pub(crate) async fn export(staff: &Staff) -> Answer {
    let filter = understood(staff).await?;
    staff.office.host.table(Table::Orders(Box::new(filter))).await
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
    table(staff, &found, None, false).await
}

/// Rows of orders. With `chosen` they can be chosen, to be shipped or printed together. In the list their pages know its
/// filter.
async fn table(
    staff: &Staff,
    found: &Page<Order>,
    chosen: Option<&Chosen<'_>>,
    is_list: bool,
) -> Result<Markup, Error> {
    let mut ids: Vec<_> = found.items.iter().map(|order| order.customer_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers = staff.office.queries.customers.summaries(&ids).await?;
    let customers: HashMap<_, _> = customers.into_iter().map(|customer| (customer.id, customer)).collect();
    Ok(html! {
        @if found.items.is_empty() { p.empty { "No orders found." } } @else {
            div.card {
                table {
                    thead {
                        tr {
                            @if chosen.is_some() { th { span.hidden { "Choose" } } }
                            th { "Order" } th { "Placed" } th { "Customer" } th { "Status" } th { "Payment" }
                            th.number { "Units" } th.number { "Total" }
                        }
                    }
                    tbody { @for order in &found.items { (row(staff, order, customers.get(&order.customer_id), (chosen, is_list))) } }
                }
            }
        }
    })
}

fn row(
    staff: &Staff,
    order: &Order,
    customer: Option<&CustomerSummary>,
    (chosen, is_list): (Option<&Chosen<'_>>, bool),
) -> Markup {
    let units: i64 = order.lines.iter().map(|line| line.quantity.get()).sum();
    html! {
        tr {
            @if let Some(chosen) = chosen {
                td.choose { (chosen.tick(order.id.0, &format!("Choose order {}", name(order)))) }
            }
            td data-label="Order" {
                @let page = format!("orders/{}", order.id);
                a.name href=(staff.to(&if is_list { with_filter(staff, &page) } else { page })) { (name(order)) }
            }
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
