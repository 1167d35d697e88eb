use application::Error;
use domain::access::Noun::Accounts;
use domain::access::Scope::Write;
use domain::access::Scopes;
use domain::roles::Role;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::page;
use crate::page::Answer;
use crate::request::Staff;
use crate::settings::{heading, scopes};

/// All roles, the fixed ones first.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    let actions = html! {
        @if staff.may(Write(Accounts)) {
            a.button.main data-opens data-key="n" href=(staff.to("settings/roles/new")) { "New role" }
        }
    };
    let body = html! {
        (heading(staff, "Roles", &actions))
        div.card {
            table {
                thead { tr { th { "Role" } th { "May do" } th.number { "Accounts" } th {} } }
                tbody { (rows) }
            }
        }
        p.faint { "What a role allows counts for everybody who has it, at once." }
    };
    Ok(page(staff, SECTION, "Roles", &body))
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let queries = &staff.office.queries.roles;
    let custom = queries.all().await?;
    // Nobody counts all customers to show a list of roles.
    let fixed = Role::FIXED.into_iter().filter(|role| role.is_staff());
    let fixed: Vec<_> = fixed.map(|role| (role, role.fixed_scopes().unwrap_or_default())).collect();
    let own = custom.iter().map(|role| (Role::Custom(role.name), role.scopes));
    let all: Vec<_> = fixed.into_iter().chain(own).collect();
    let counts = queries.accounts(&all.iter().map(|(role, _)| *role).collect::<Vec<_>>()).await?;
    Ok(html! {
        @for ((role, scopes), count) in all.iter().zip(counts) { (row(staff, *role, *scopes, count)) }
    })
}

fn row(staff: &Staff, role: Role, scopes: Scopes, count: u64) -> Markup {
    let place = |verb: &str| staff.to(&format!("{LIST_PAGE}/{}/{verb}", role.as_str()));
    let is_custom = matches!(role, Role::Custom(_));
    html! {
        tr {
            td data-label="Role" { span.name { (role.as_str()) } @if !is_custom { br; span.faint { "in every shop" } } }
            td data-label="May do" { (scopes::summary(scopes)) }
            td.number data-label="Accounts" { (count) }
            td {
                @if is_custom && staff.may(Write(Accounts)) && staff.visit.access.scopes.include(scopes) {
                    div.actions {
                        a.button data-opens href=(place("edit")) { "Edit" }
                        a.button data-opens href=(place("delete")) { "Delete" }
                    }
                }
            }
        }
    }
}
