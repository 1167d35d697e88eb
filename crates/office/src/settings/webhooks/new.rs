use application::webhooks::CreateEndpoint;
use domain::events::{EventType, TypePatterns};
use domain::webhooks::{EndpointDescription, EndpointDetails, Target};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, name_of, secret};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New webhook endpoint");

/// Asks for an endpoint.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Makes an endpoint, and shows its secret.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let Some(details) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let name = name_of(details.description.as_ref(), &details.target);
    let create = CreateEndpoint { details, networks: staff.office.webhook_networks.clone() };
    match secret::give(staff, create).await {
        Ok(given) => Ok(secret::show(staff, &name, given.as_deref())),
        Err(error) => after(staff, Err(error), LIST_PAGE, form, PAGE, |form| contents(staff, form)),
    }
}

/// What is typed; `None` if something is refused.
pub(super) fn typed(form: &mut Form) -> Option<EndpointDetails> {
    let target = form.required(EndpointDetails::TARGET, Target::parse);
    let types = form.required("types", TypePatterns::parse);
    let description = form.optional("description", EndpointDescription::parse);
    Some(EndpointDetails { target: target?, types: types?, description: description? })
}

/// The fields of an endpoint.
pub(super) fn fields(form: &Form) -> Markup {
    html! {
        (Field::text(form, EndpointDetails::TARGET, "Address").max(Target::MAX).required().focused()
            .hint("The receiver, such as https://erp.example.com/hooks."))
        (Field::text(form, "types", "Events").max(TypePatterns::MAX).required()
            .hint("With commas between and without blanks, such as order.*,refund.succeeded. A star alone is all events."))
        details.field {
            summary { "All types of events" }
            p.hint { @for (place, one) in EventType::ALL.iter().enumerate() { @if place > 0 { ", " } (one.as_str()) } }
        }
        (Field::text(form, "description", "What it is for").max(EndpointDescription::MAX))
    }
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{LIST_PAGE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    let fields = html! {
        (fields(form))
        p.faint { "It gets what happens from now on. The page after this one shows the secret that signs its webhooks." }
    };
    dialog(staff, form, &place, &fields)
}
