use application::Error;
use application::webhooks::DeleteEndpoint;
use domain::webhooks::Endpoint;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked, name, place};
use crate::act::{after, once, redirect};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete webhook endpoint");

/// Asks whether an endpoint is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &endpoint, &Form::default())))
}

/// Deletes an endpoint.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let endpoint = match asked(staff).await {
        // It is gone, as was wanted.
        Err(Error::NotFound(_)) => return Ok(redirect(staff, &format!("{LIST_PAGE}?done=deleted"))),
        found => found?,
    };
    let deleted = once(staff, DeleteEndpoint { id: endpoint.id, expected: None }).await;
    let (then, form) = (format!("{LIST_PAGE}?done=deleted"), staff.form());
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &endpoint, form))
}

fn contents(staff: &Staff, endpoint: &Endpoint, form: &Form) -> Markup {
    let asks = Dialog {
        title: format!("Delete {}", name(endpoint)),
        action: format!("{}/delete", place(endpoint.id)),
        back: place(endpoint.id),
        button: "Delete the endpoint",
        is_final: true,
    };
    let consequences = html! {
        ul {
            li { "No more events are sent to " code { (endpoint.target.origin()) } ", and what waits for it is not sent either." }
            li { "The list of its deliveries is gone." }
            li { "A new endpoint gets another secret, and what happens from then on. This cannot be undone." }
        }
    };
    dialog(staff, form, &asks, &consequences)
}
