use application::webhooks::ReplayEvents;
use domain::events::EventPosition;
use domain::plain_integer;
use domain::webhooks::Endpoint;
use maud::{Markup, html};

use super::{SECTION, asked, name, place};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Send events again");

/// Asks between which positions events are sent again.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &endpoint, &Form::default())))
}

/// Sends an endpoint what happened between two positions once more.
pub(crate) async fn replay(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    let mut form = staff.form();
    let position = |raw: &str| EventPosition::parse(plain_integer(raw)?).map(EventPosition::get);
    let (first, end) = (form.required("after", position), form.optional("before", position));
    let Some((first, end)) = first.zip(end) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &endpoint, &form)));
    };
    let replayed = once(staff, ReplayEvents { id: endpoint.id, after: first, before: end }).await;
    let then = format!("{}?done=replayed", place(endpoint.id));
    after(staff, replayed, &then, form, PAGE, |form| contents(staff, &endpoint, form))
}

fn contents(staff: &Staff, endpoint: &Endpoint, form: &Form) -> Markup {
    let asks = Dialog {
        title: format!("Send events to {} again", name(endpoint)),
        action: format!("{}/replay", place(endpoint.id)),
        back: place(endpoint.id),
        button: "Send them again",
        is_final: false,
    };
    let fields = html! {
        p { "Each event keeps its id, so that the receiver knows which ones it has. Events are kept for a limited time; \
             only those that are still there are sent." }
        (Field::text(form, "after", "After position").required().focused()
            .hint("The position of the last event that the receiver has; 0 for all that are kept."))
        (Field::text(form, "before", "Before position")
            .hint(&format!("Empty: up to {}, where the endpoint is.", endpoint.position)))
    };
    dialog(staff, form, &asks, &fields)
}
