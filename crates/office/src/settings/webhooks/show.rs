use application::Error;
use domain::access::Noun::Webhooks;
use domain::access::Scope::Write;
use domain::webhooks::{BOTH_SIGN_FOR, Endpoint, EndpointStatus};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked, deliveries, name, place, step};
use crate::act::after;
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, problems, time};
use crate::request::Staff;

/// An endpoint, and what was sent to it.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    let sent = deliveries::listed(staff, &endpoint).await?;
    Ok(page(staff, SECTION, &name(&endpoint), &contents(staff, &endpoint, &sent, &Form::default())))
}

/// The page after an action on an endpoint: `then`, or the endpoint with the reason why nothing was done.
pub(super) async fn shown_again(staff: &Staff, acted: Result<(), Error>, then: &str) -> Answer {
    let endpoint = asked(staff).await?;
    let sent = deliveries::listed(staff, &endpoint).await?;
    let again = |form: &Form| contents(staff, &endpoint, &sent, form);
    after(staff, acted, then, staff.form(), (SECTION, &name(&endpoint)), again)
}

fn contents(staff: &Staff, endpoint: &Endpoint, sent: &Markup, form: &Form) -> Markup {
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Webhooks" } }
        div.heading {
            h1 { (name(endpoint)) }
            (badge(endpoint.status.as_str()))
            @if staff.may(Write(Webhooks)) { (actions(staff, endpoint)) }
        }
        (problems(form))
        section.card {
            h2 { "Endpoint" }
            div.in { (facts(staff, endpoint)) }
        }
        (sent)
    }
}

fn actions(staff: &Staff, endpoint: &Endpoint) -> Markup {
    let to = |verb: &str| staff.to(&format!("{}/{verb}", place(endpoint.id)));
    html! {
        div.actions {
            a.button data-opens data-key="e" href=(to("edit")) { "Edit" }
            @if staff.office.endpoint_secrets.is_some() { a.button data-opens href=(to("rotate")) { "New secret" } }
            @if endpoint.is_active() { (step::test_button(staff, endpoint)) }
            (step::button(staff, endpoint, true))
            a.button data-opens href=(to("replay")) { "Send events again" }
            a.button data-opens href=(to("delete")) { "Delete" }
        }
    }
}

fn facts(staff: &Staff, endpoint: &Endpoint) -> Markup {
    // Until then the secret before signs, too.
    let both_until = endpoint.rotated_at.map(|at| at + BOTH_SIGN_FOR).filter(|until| *until > staff.office.clock.now());
    html! {
        dl.facts {
            dt { "Address" } dd { code { (endpoint.target.as_str()) } }
            dt { "Events" } dd { (endpoint.types.to_string()) }
            @match endpoint.status {
                EndpointStatus::Active => {},
                EndpointStatus::Paused => { dt { "Paused" } dd { "Nothing is sent. What happens meanwhile waits until it is resumed." } },
                EndpointStatus::Off => {
                    dt { "Switched off" }
                    dd { "Its receiver took nothing for days, or answered that it is gone. Resume it when it works again." }
                },
            }
            dt { "Last success" }
            dd { @match endpoint.last_success_at { Some(at) => (time(staff, at)), None => "never" } }
            dt { "Position" } dd { (endpoint.position) ", up to which events have become deliveries" }
            @if let Some((from, to)) = endpoint.replay {
                dt { "Sent again" } dd { "events after position " (from) " and before " (to) }
            }
            @if let Some(since) = endpoint.failing_since {
                dt { "Fails since" } dd { (time(staff, since)) ", " (endpoint.failures) @if endpoint.failures == 1 { " try" } @else { " tries" } }
            }
            dt { "Secret" }
            dd {
                @match endpoint.rotated_at { Some(at) => { "Changed " (time(staff, at)) }, None => { "Made " (time(staff, endpoint.created_at)) } }
                @if let Some(until) = both_until { ". The one before signs too until " (time(staff, until)) }
            }
        }
    }
}
