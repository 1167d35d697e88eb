use domain::Money;
use domain::access::Noun::{Accounts, Customers, Orders, Payments};
use domain::access::Scope::{Read, Write};
use domain::customers::{Customer, Exemption};
use domain::reports::CustomerSales;
use maud::{Markup, html};

use super::{EXEMPTIONS, SECTION, asked};
use crate::layout::{download, page};
use crate::notes;
use crate::orders::list::of_customer;
use crate::page::Answer;
use crate::parts::{amount, badge, time};
use crate::request::Staff;

/// A customer, with the latest orders.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let orders = if staff.may(Read(Orders)) { Some(of_customer(staff, customer.id).await?) } else { None };
    let place = |verb: &str| staff.to(&format!("customers/{}/{verb}", customer.id));
    let of = |list: &str| staff.to(&format!("{list}?customer={}", customer.id));
    let account = account(staff, &customer).await?;
    let sums = sums(staff, &customer).await?;
    let may_export = [Customers, Orders, Payments].into_iter().all(|noun| staff.may(Read(noun)));
    let notes = notes::of(staff, customer.id).await?;
    let body = html! {
        p.back { a href=(staff.to("customers")) { "Customers" } }
        div.heading {
            h1 { (customer.name.as_str()) }
            div.actions {
                @if may_export { a.button href=(place("data.json")) download { "Data as a file" } }
                @if staff.may(Write(Customers)) {
                    a.button data-opens href=(place("erase")) { "Erase" }
                    a.button.main data-opens data-key="e" href=(place("edit")) { "Edit" }
                }
            }
        }
        (sums)
        div.columns { div { (details(staff, &customer)) (account) } div { (notes) } }
        @if let Some(orders) = orders {
            section.card { h2 { "Latest orders" } (orders) }
            p.actions {
                a.button href=(of("orders")) { "All orders" }
                a.button href=(of("mails")) { "All mails" }
            }
        }
    };
    Ok(page(staff, SECTION, customer.name.as_str(), &body))
}

/// Gives all that is kept of a customer as a file.
pub(crate) async fn data(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let data = staff.office.export_person.of_customer(customer.id).await?;
    let file = staff.office.host.personal_file(data)?;
    Ok(download(&format!("customer-{}.json", customer.id), "application/json", file))
}

/// What the customer has bought so far, for those who may see orders.
async fn sums(staff: &Staff, customer: &Customer) -> Result<Markup, application::Error> {
    if !staff.may(Read(Orders)) {
        return Ok(html! {});
    }
    let all = staff.office.queries.reports.of_customer(customer.id).await?;
    Ok(html! {
        @for CustomerSales { currency, sales } in &all {
            dl.figures {
                div.card { dt { "Orders" } dd { (sales.tally.orders) } }
                div.card { dt { "Units" } dd { (sales.tally.units) } }
                div.card { dt { "Net" } dd { (amount(Money { amount: sales.net, currency: *currency })) } }
            }
        }
    })
}

fn details(staff: &Staff, customer: &Customer) -> Markup {
    let email = customer.email.as_str();
    let exemption = customer.tax_exempt.map(Exemption::as_str).unwrap_or_default();
    let tax = EXEMPTIONS.iter().find(|(name, _)| *name == exemption).map_or(exemption, |(_, shown)| shown);
    html! {
        section.card {
            h2 { "Details" }
            div.in {
                dl.facts {
                    dt { "Email" } dd { a href={ "mailto:" (email) } { (email) } }
                    dt { "Phone" } dd { (customer.phone.as_str()) }
                    dt { "Tax" } dd { (tax) }
                    dt { "Since" } dd { (time(staff, customer.created_at)) }
                    @if customer.updated_at != customer.created_at {
                        dt { "Changed" } dd { (time(staff, customer.updated_at)) }
                    }
                }
            }
        }
    }
}

/// The account by which the customer logs in, for those who may see accounts.
async fn account(staff: &Staff, customer: &Customer) -> Result<Markup, application::Error> {
    if !staff.may(Read(Accounts)) {
        return Ok(html! {});
    }
    let account = staff.office.queries.accounts.of_customer(customer.id).await?;
    Ok(html! {
        section.card {
            h2 { "Account" }
            div.in {
                @match account {
                    Some(account) => {
                        dl.facts {
                            dt { "User name" } dd { (account.username.as_str()) }
                            dt { "Status" } dd { (badge(if account.active { "active" } else { "deactivated" })) }
                        }
                        @if staff.may(Write(Accounts)) {
                            a.button data-opens href=(staff.to(&format!("settings/accounts/{}/edit", account.id))) { "Change" }
                        }
                    },
                    None => p.faint { "The customer cannot log in." },
                }
            }
        }
    })
}
