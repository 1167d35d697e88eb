use application::Error;
use domain::SearchText;
use domain::access::Noun::Customers;
use domain::access::Scope::Write;
use domain::customers::{Customer, CustomerFilter, CustomerSort};
use maud::{Markup, html};

use super::SECTION;
use crate::form::Form;
use crate::host::Table;
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{Field, download, finder_with, pager, time};
use crate::request::Staff;

/// The orders that the list can have.
const SORTS: [(&str, &str); 2] = [("", "Newest first"), ("created_at", "Oldest first")];

/// The list of customers.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let body = html! {
        div.heading {
            h1 { "Customers" }
            div.actions {
                @if staff.may(Write(Customers)) {
                    a.button.main data-opens data-key="n" href=(staff.to("customers/new")) { "New customer" }
                }
            }
        }
        (finder_with(staff, "customers", "Find customers", "Name or email", &[], &fields(staff)))
        (rows)
    };
    Ok(page(staff, SECTION, "Customers", &body))
}

/// The field that sorts the list.
fn fields(staff: &Staff) -> Markup {
    let form = Form::showing([("sort", staff.query("sort").unwrap_or_default())]);
    html! { (Field::choice(&form, "sort", "Order", &SORTS)) }
}

/// All customers of the list, as a file.
pub(crate) async fn export(staff: &Staff) -> Answer {
    let filter = filter(staff);
    staff.expect_understood(&[("q", filter.search.is_some())])?;
    staff.office.host.table(Table::Customers(filter)).await
}

/// The filter that the query says, the newest first. What cannot be searched for, such as a text that is too long, filters
/// nothing.
fn filter(staff: &Staff) -> CustomerFilter {
    let search = staff.query("q").and_then(|typed| SearchText::parse(typed).ok().flatten());
    let sort = staff.query("sort").and_then(|sort| CustomerSort::parse(sort).ok()).unwrap_or(CustomerSort::Newest);
    CustomerFilter { search, sort: Some(sort), ..CustomerFilter::default() }
}

/// The name of the list. A place in one order means nothing in the other.
const fn list_of(filter: &CustomerFilter) -> &'static str {
    match filter.sort {
        Some(CustomerSort::Newest) => "customers, newest first",
        Some(CustomerSort::Oldest) | None => "customers",
    }
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let filter = filter(staff);
    let list = list_of(&filter);
    let found = staff.office.queries.customers.list(&filter, &staff.list_page(list)).await?;
    Ok(html! {
        div #list {
            @if found.items.is_empty() { p.empty { "No customers found." } } @else {
                div.card {
                    table {
                        thead { tr { th { "Customer" } th { "Email" } th { "Phone" } th { "Since" } } }
                        tbody { @for customer in &found.items { (row(staff, customer)) } }
                    }
                }
            }
            (pager(staff, "customers", list, found.next.as_ref()))
            @if !found.items.is_empty() { (download(staff, "customers/export.csv")) }
        }
    })
}

fn row(staff: &Staff, customer: &Customer) -> Markup {
    html! {
        tr {
            td data-label="Customer" {
                a.name href=(staff.to(&format!("customers/{}", customer.id))) { (customer.name.as_str()) }
            }
            td data-label="Email" { (customer.email.as_str()) }
            td data-label="Phone" { (customer.phone.as_str()) }
            td data-label="Since" { (time(staff, customer.created_at)) }
        }
    }
}
