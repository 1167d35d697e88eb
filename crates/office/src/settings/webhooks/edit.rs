use application::Error;
use application::webhooks::UpdateEndpoint;
use domain::webhooks::{Endpoint, EndpointChange, EndpointDetails};
use maud::{Markup, html};

use super::new::{fields, typed};
use super::{SECTION, asked, name, place};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Changed, Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Edit webhook endpoint");

/// Shows an endpoint, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    let form = Form::filled(endpoint.version, &held(&endpoint));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &endpoint, &form)))
}

/// Changes an endpoint.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    let mut form = staff.form();
    let Some(EndpointDetails { target, types, description }) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &endpoint, &form)));
    };
    let changed = Changed::of(&form, &held(&endpoint));
    let change = EndpointChange {
        target: changed.get(EndpointDetails::TARGET, target),
        types: changed.get("types", types),
        description: changed.get("description", description),
    };
    let networks = staff.office.webhook_networks.clone();
    match once(staff, UpdateEndpoint { id: endpoint.id, change, expected: form.expected(), networks }).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, form)))
        }
        edited => {
            let then = format!("{}?done=saved", place(endpoint.id));
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &endpoint, form))
        }
    }
}

fn held(endpoint: &Endpoint) -> Vec<Held> {
    vec![
        (EndpointDetails::TARGET, endpoint.target.to_string()),
        ("types", endpoint.types.to_string()),
        ("description", endpoint.description.as_ref().map(ToString::to_string).unwrap_or_default()),
    ]
}

fn contents(staff: &Staff, endpoint: &Endpoint, form: &Form) -> Markup {
    let dialog_of = Dialog {
        title: format!("Edit {}", name(endpoint)),
        action: format!("{}/edit", place(endpoint.id)),
        back: place(endpoint.id),
        button: "Save",
        is_final: false,
    };
    let fields = html! {
        (fields(form))
        p.faint { "Other events hold for what happens from now on. What waits goes to the new address." }
    };
    dialog(staff, form, &dialog_of, &fields)
}
