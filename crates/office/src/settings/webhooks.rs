use application::Error;
use application::webhooks::{PauseEndpoint, ResumeEndpoint};
use domain::access::Noun::Webhooks;
use domain::access::Scope::Write;
use domain::webhooks::{Endpoint, EndpointId};
use maud::{Markup, html};

use super::{SECTION, heading};
use crate::act::{once, redirect};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, key, pager, time};
use crate::request::Staff;

const PAGE: &str = "settings/webhooks";
const LIST: &str = "webhook-endpoints";

/// Where events are sent to.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let found = staff.office.queries.webhooks.list(&staff.list_page(LIST)).await?;
    let body = html! {
        (heading(staff, "Webhooks", &html! {}))
        @if found.items.is_empty() { p.empty { "No webhook endpoints yet." } } @else {
            div.card {
                table {
                    thead { tr { th { "Endpoint" } th { "Events" } th { "Status" } th { "Last success" } th {} } }
                    tbody { @for endpoint in &found.items { (row(staff, endpoint)) } }
                }
            }
        }
        (pager(staff, PAGE, LIST, found.next.as_ref()))
        p.faint { "Endpoints are made and changed by the API, which also lists what was sent." }
    };
    Ok(page(staff, SECTION, "Webhooks", &body))
}

fn row(staff: &Staff, endpoint: &Endpoint) -> Markup {
    html! {
        tr {
            td data-label="Endpoint" {
                @if let Some(description) = &endpoint.description { span.name { (description.as_str()) } br; }
                code { (endpoint.target.as_str()) }
            }
            td data-label="Events" { (endpoint.types.to_string()) }
            td data-label="Status" { (badge(endpoint.status.as_str())) }
            td data-label="Last success" {
                @match endpoint.last_success_at { Some(at) => (time(staff, at)), None => span.faint { "never" } }
                @if let Some(since) = endpoint.failing_since { br; span.fault { "Fails since " (time(staff, since)) } }
            }
            td {
                @if staff.may(Write(Webhooks)) {
                    @if endpoint.is_active() { (step(staff, endpoint.id, "pause", "Pause")) }
                    @else { (step(staff, endpoint.id, "resume", "Resume")) }
                }
            }
        }
    }
}

fn step(staff: &Staff, id: EndpointId, verb: &str, label: &str) -> Markup {
    html! {
        form.actions method="post" action=(staff.to(&format!("{PAGE}/{id}/{verb}"))) {
            (key(staff, &Form::default()))
            button { (label) }
        }
    }
}

/// Sends nothing for now. What happens meanwhile waits.
pub(crate) async fn pause(staff: &Staff) -> Answer {
    let id = staff.id::<EndpointId>("webhook endpoint")?;
    match once(staff, PauseEndpoint(id)).await {
        // Nothing is sent to one that is gone, either.
        Ok(()) | Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(redirect(staff, "settings/webhooks?done=saved"))
}

/// Sends again, also what has waited.
pub(crate) async fn resume(staff: &Staff) -> Answer {
    let id = staff.id::<EndpointId>("webhook endpoint")?;
    once(staff, ResumeEndpoint(id)).await?;
    Ok(redirect(staff, "settings/webhooks?done=saved"))
}
