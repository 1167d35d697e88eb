use domain::access::Noun::Webhooks;
use domain::access::Scope::Write;
use domain::webhooks::Endpoint;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, place, step};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{alert, badge, pager, time};
use crate::request::Staff;
use crate::settings::heading;

const LIST: &str = "webhook-endpoints";

/// Where events are sent to.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let found = staff.office.queries.webhooks.list(&staff.list_page(LIST)).await?;
    let has_key = staff.office.endpoint_secrets.is_some();
    let actions = html! {
        @if has_key && staff.may(Write(Webhooks)) {
            a.button.main data-opens data-key="n" href=(staff.to(&format!("{LIST_PAGE}/new"))) { "New endpoint" }
        }
    };
    let body = html! {
        (heading(staff, "Webhooks", &actions))
        @if !has_key { (alert("The settings have no secrets.key, so that no webhook is sent and no endpoint can be made.")) }
        @if found.items.is_empty() { p.empty { "No webhook endpoints yet." } } @else {
            div.card {
                table {
                    thead { tr { th { "Endpoint" } th { "Events" } th { "Status" } th { "Last success" } th {} } }
                    tbody { @for endpoint in &found.items { (row(staff, endpoint)) } }
                }
            }
        }
        (pager(staff, LIST_PAGE, LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Webhooks", &body))
}

fn row(staff: &Staff, endpoint: &Endpoint) -> Markup {
    html! {
        tr {
            td data-label="Endpoint" {
                a.name href=(staff.to(&place(endpoint.id))) { (super::name(endpoint)) }
                br; code { (endpoint.target.as_str()) }
            }
            td data-label="Events" { (endpoint.types.to_string()) }
            td data-label="Status" { (badge(endpoint.status.as_str())) }
            td data-label="Last success" {
                @match endpoint.last_success_at { Some(at) => (time(staff, at)), None => span.faint { "never" } }
                @if let Some(since) = endpoint.failing_since { br; span.fault { "Fails since " (time(staff, since)) } }
            }
            td { @if staff.may(Write(Webhooks)) { div.actions { (step::button(staff, endpoint, false)) } } }
        }
    }
}
