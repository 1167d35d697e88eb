use domain::access::Noun::{Accounts, Customers};
use domain::access::Scope::{Read, Write};
use domain::accounts::AccountWithCustomer;
use domain::roles::CustomRole;
use domain::roles::Role;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, pager, time};
use crate::request::Staff;
use crate::settings::heading;

const LIST: &str = "accounts";
/// What the tab of customers asks for.
const CUSTOMERS: &str = "customers";

/// Who may log in.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let is_of_customers = staff.query("of") == Some(CUSTOMERS);
    let queries = &staff.office.queries;
    let found = queries.accounts.list(Some(!is_of_customers), &staff.list_page(LIST)).await?;
    let custom = if staff.may(Write(Accounts)) { queries.roles.all().await? } else { Vec::new() };
    let customers = format!("{LIST_PAGE}?of={CUSTOMERS}");
    let actions = html! {
        @if staff.may(Write(Accounts)) {
            a.button.main data-opens data-key="n" href=(staff.to("settings/accounts/new")) { "New account" }
        }
    };
    let body = html! {
        (heading(staff, "Accounts", &actions))
        nav.tabs aria-label="Accounts" {
            @for (label, page, is_here) in [("Staff", LIST_PAGE, !is_of_customers), ("Customers", &customers, is_of_customers)] {
                a href=(staff.to(page)) aria-current=[is_here.then_some("page")] { (label) }
            }
        }
        div.card {
            table {
                thead { tr { th { "User name" } th { "Role" } th { "Status" } th { "Customer" } th { "Since" } th {} } }
                tbody { @for account in &found.items { (row(staff, account, may_change(staff, account.account.role, &custom))) } }
            }
        }
        (pager(staff, LIST_PAGE, LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Accounts", &body))
}

/// Whether the caller may change accounts of this role: those whose rights they all have.
fn may_change(staff: &Staff, role: Role, custom: &[CustomRole]) -> bool {
    let of_custom = || custom.iter().find(|one| Role::Custom(one.name) == role).map(|one| one.scopes);
    let scopes = role.fixed_scopes().or_else(of_custom).unwrap_or_default();
    staff.may(Write(Accounts)) && staff.visit.access.scopes.include(scopes)
}

fn row(staff: &Staff, AccountWithCustomer { account, customer }: &AccountWithCustomer, may_change: bool) -> Markup {
    let place = |verb: &str| staff.to(&format!("{LIST_PAGE}/{}/{verb}", account.id));
    let customer = customer.as_ref().filter(|_| staff.may(Read(Customers)));
    let is_own = account.id == staff.visit.access.account_id;
    html! {
        tr {
            td data-label="User name" { span.name { (account.username.as_str()) } @if is_own { " (you)" } }
            td data-label="Role" { (account.role.as_str()) }
            td data-label="Status" { (badge(if account.active { "active" } else { "deactivated" })) }
            td data-label="Customer" {
                @if let Some(customer) = customer {
                    a href=(staff.to(&format!("customers/{}", customer.id))) { (customer.name.as_str()) }
                }
            }
            td data-label="Since" { (time(staff, account.created_at)) }
            td {
                @if may_change {
                    div.actions {
                        a.button data-opens href=(place("edit")) { "Edit" }
                        a.button data-opens href=(place("password")) { "Password" }
                        a.button data-opens href=(place("delete")) { "Delete" }
                    }
                }
            }
        }
    }
}
