use domain::access::Noun::Keys;
use domain::access::Scope::Write;
use domain::keys::ApiKey;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, pager, time};
use crate::request::Staff;
use crate::settings::who::Names;
use crate::settings::{heading, scopes};

const LIST: &str = "keys";

/// The keys of the shop, without their secrets.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let found = staff.office.queries.keys.list(&staff.list_page(LIST)).await?;
    let names = Names::of(staff, found.items.iter().map(|key| key.made_by)).await?;
    let actions = html! {
        @if staff.may(Write(Keys)) {
            a.button.main data-opens data-key="n" href=(staff.to("settings/keys/new")) { "New key" }
        }
    };
    let body = html! {
        (heading(staff, "API keys", &actions))
        @if found.items.is_empty() { p.empty { "No program has a key." } } @else {
            div.card {
                table {
                    thead { tr { th { "Key" } th { "May do" } th { "Made by" } th { "Ends" } th { "Last used" } th {} } }
                    tbody { @for key in &found.items { (row(staff, key, &names)) } }
                }
            }
        }
        (pager(staff, LIST_PAGE, LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, "API keys", &body))
}

fn row(staff: &Staff, key: &ApiKey, names: &Names) -> Markup {
    let place = |verb: &str| staff.to(&format!("{LIST_PAGE}/{}/{verb}", key.id));
    let is_over = key.expires_at.is_some_and(|end| end <= staff.office.clock.now());
    html! {
        tr {
            td data-label="Key" {
                span.name { (key.name.as_str()) }
                br; code.faint { "stk_" (key.prefix.as_str()) "_…" }
            }
            td data-label="May do" { (scopes::summary(key.scopes)) }
            td data-label="Made by" { (names.get(key.made_by)) }
            td data-label="Ends" {
                @match key.expires_at {
                    Some(_) if is_over => (badge("ended")),
                    Some(end) => (time(staff, end)),
                    None => (badge("never")),
                }
            }
            td data-label="Last used" {
                @match key.last_used_at { Some(at) => (time(staff, at)), None => span.faint { "never" } }
            }
            td {
                @if staff.may(Write(Keys)) {
                    div.actions {
                        @if staff.visit.access.scopes.include(key.scopes) {
                            a.button data-opens href=(place("rename")) { "Rename" }
                            a.button data-opens href=(place("rotate")) { "Rotate" }
                        }
                        a.button data-opens href=(place("delete")) { "Delete" }
                    }
                }
            }
        }
    }
}
