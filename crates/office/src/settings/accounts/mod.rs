//! Accounts: who may log in, and as what.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod password;

use application::Error;
use domain::access::Scopes;
use domain::accounts::{Account, AccountId, AccountWithCustomer};
use domain::roles::Role;
use maud::{Markup, html};

use super::{SECTION, scopes};
use crate::request::Staff;

const LIST_PAGE: &str = "settings/accounts";

/// The account of the path.
async fn asked(staff: &Staff) -> Result<AccountWithCustomer, Error> {
    let id = staff.id::<AccountId>("account")?;
    staff.office.queries.accounts.with_customer(id).await?.ok_or(Error::NotFound("account"))
}

/// The roles that the caller can give to an account, and the one that it has, each with what it may do. Only the account of
/// a customer can be that of a customer.
async fn roles(staff: &Staff, of: Option<&Account>) -> Result<Vec<(Role, Scopes)>, Error> {
    let custom = staff.office.queries.roles.all().await?;
    let fixed = Role::FIXED.into_iter().filter_map(|role| Some((role, role.fixed_scopes()?)));
    let all = fixed.chain(custom.iter().map(|role| (Role::Custom(role.name), role.scopes)));
    let is_of_customer = of.is_some_and(|account| account.customer_id.is_some());
    let own = staff.visit.access.scopes;
    let may_be = |role: Role| match role {
        Role::Customer => is_of_customer,
        _ => true,
    };
    let has = of.map(|account| account.role);
    Ok(all.filter(|(role, scopes)| has == Some(*role) || may_be(*role) && own.include(*scopes)).collect())
}

/// Roles to choose from.
fn options(roles: &[(Role, Scopes)]) -> Vec<(&str, &str)> {
    roles.iter().map(|(role, _)| (role.as_str(), role.as_str())).collect()
}

/// What each of these roles may do, a line for each.
fn explained(roles: &[(Role, Scopes)]) -> Markup {
    html! {
        dl.facts { @for (role, scopes) in roles { dt { (role.as_str()) } dd { (scopes::summary(*scopes)) } } }
    }
}
