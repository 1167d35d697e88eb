//! What is and was sent to an endpoint.

use application::Error;
use domain::access::Noun::Webhooks;
use domain::access::Scope::Write;
use domain::webhooks::{Attempt, Delivery, DeliveryLog, DeliveryStatus, Endpoint};
use maud::{Markup, html};

use super::place;
use crate::form::Form;
use crate::parts::{address, grouped, key, pager, status_tabs, time};
use crate::request::Staff;

const LIST: &str = "webhook-deliveries";

const TABS: [(&str, &str); 4] = [("All", ""), ("Waiting", "pending"), ("Delivered", "succeeded"), ("Given up", "dead")];

/// Parameters of the list that stay.
pub(super) const KEPT: [&str; 1] = ["status"];

/// The deliveries to an endpoint, newest first: all, or those of one status.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn listed(staff: &Staff, endpoint: &Endpoint) -> Result<Markup, Error> {
    let status = staff.query("status").and_then(|status| DeliveryStatus::parse(status).ok());
    let found = staff.office.queries.webhooks.deliveries(endpoint.id, status, &staff.list_page(LIST)).await?;
    let page = place(endpoint.id);
    Ok(html! {
        h2 { "Deliveries" }
        nav.tabs aria-label="Deliveries by status" { (status_tabs(staff, &page, &TABS, &[])) }
        @if found.items.is_empty() { p.empty { "No deliveries found. Each is kept for 30 days after its end." } } @else {
            div.card {
                table {
                    thead { tr { th { "Event" } th { "Status" } th { "Tries" } th {} } }
                    tbody { @for log in &found.items { (row(staff, endpoint, log)) } }
                }
            }
        }
        (pager(staff, &page, LIST, found.next.as_ref()))
    })
}

fn row(staff: &Staff, endpoint: &Endpoint, DeliveryLog { delivery, event, attempts }: &DeliveryLog) -> Markup {
    html! {
        tr {
            td data-label="Event" {
                span.name { (event.as_ref().map_or("not kept any more", |(name, _)| name.as_str())) }
                br; span.faint { (time(staff, delivery.created_at)) }
            }
            td data-label="Status" {
                span.badge data-is=(delivery.status.as_str()) { (label(delivery.status)) }
                @if let Some(next) = delivery.next_at { br; span.faint { "next " (time(staff, next)) } }
            }
            td data-label="Tries" { (tries(staff, attempts)) }
            td { @if staff.may(Write(Webhooks)) && event.is_some() { (again(staff, endpoint, delivery, attempts.is_empty())) } }
        }
    }
}

/// What its tab calls a status.
fn label(status: DeliveryStatus) -> &'static str {
    TABS.iter().find(|(_, word)| *word == status.as_str()).map_or(status.as_str(), |(label, _)| label)
}

/// The last try, and those before it if somebody wants to see them.
fn tries(staff: &Staff, attempts: &[Attempt]) -> Markup {
    html! {
        @match attempts.split_last() {
            None => { span.faint { "none yet" } },
            Some((last, before)) => {
                (attempt(staff, last))
                @if !before.is_empty() {
                    details {
                        summary { (before.len()) @if before.len() == 1 { " try before" } @else { " tries before" } }
                        @for one in before.iter().rev() { (attempt(staff, one)) }
                    }
                }
            },
        }
    }
}

fn attempt(staff: &Staff, Attempt { at, answer, .. }: &Attempt) -> Markup {
    html! {
        div {
            @match answer.status { Some(status) => { "HTTP " (status) }, None => { "No answer" } }
            " after " (grouped(&answer.took.as_millis().to_string())) " ms, " span.faint { (time(staff, *at)) }
            @if let Some(error) = &answer.error { br; span.word { (error.as_str()) } }
            @if let Some(body) = answer.body.as_ref().filter(|body| !body.as_str().trim().is_empty()) {
                pre.note tabindex="0" { (body.as_str()) }
            }
        }
    }
}

/// Has a delivery made once more.
fn again(staff: &Staff, endpoint: &Endpoint, delivery: &Delivery, is_first: bool) -> Markup {
    let action = format!("{}/deliveries/{}/again", place(endpoint.id), delivery.id);
    html! {
        form.actions method="post" action=(staff.to(&address(&action, staff.queries_and_place(&KEPT)))) {
            (key(staff, &Form::default()))
            button { @if is_first { "Send now" } @else { "Send again" } }
        }
    }
}
