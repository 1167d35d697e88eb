//! Pauses, resumes and tests endpoints.

use application::Error;
use application::webhooks::{PauseEndpoint, ResumeEndpoint, TestEndpoint};
use domain::webhooks::{Endpoint, EndpointId};
use maud::{Markup, html};

use super::show::shown_again;
use super::{LIST_PAGE, asked, place};
use crate::act::{once, redirect};
use crate::form::Form;
use crate::page::Answer;
use crate::parts::key;
use crate::request::Staff;

/// The parameter with the page from which an endpoint is paused or resumed, and its value for that of the endpoint.
const FROM: (&str, &str) = ("from", "endpoint");

/// Pauses an endpoint that is active, and resumes any other. It leads back to where it stands.
pub(super) fn button(staff: &Staff, endpoint: &Endpoint, is_on_its_page: bool) -> Markup {
    let (verb, label) = if endpoint.is_active() { ("pause", "Pause") } else { ("resume", "Resume") };
    let from = if is_on_its_page { format!("?{}={}", FROM.0, FROM.1) } else { String::new() };
    html! {
        form method="post" action=(staff.to(&format!("{}/{verb}{from}", place(endpoint.id)))) {
            (key(staff, &Form::default()))
            button { (label) }
        }
    }
}

/// Sends an endpoint a test.
pub(super) fn test_button(staff: &Staff, endpoint: &Endpoint) -> Markup {
    html! {
        form method="post" action=(staff.to(&format!("{}/test", place(endpoint.id)))) {
            (key(staff, &Form::default()))
            button { "Send a test" }
        }
    }
}

/// Sends nothing for now. What happens meanwhile waits.
pub(crate) async fn pause(staff: &Staff) -> Answer {
    let id = staff.id::<EndpointId>("webhook endpoint")?;
    match once(staff, PauseEndpoint(id)).await {
        Ok(()) => Ok(redirect(staff, &back(staff, id))),
        // Nothing is sent to one that is gone, either.
        Err(Error::NotFound(_)) => Ok(redirect(staff, &format!("{LIST_PAGE}?done=saved"))),
        Err(error) => Err(error),
    }
}

/// Sends again, also what has waited.
pub(crate) async fn resume(staff: &Staff) -> Answer {
    let id = staff.id::<EndpointId>("webhook endpoint")?;
    once(staff, ResumeEndpoint(id)).await?;
    Ok(redirect(staff, &back(staff, id)))
}

fn back(staff: &Staff, id: EndpointId) -> String {
    let is_on_its_page = staff.query(FROM.0) == Some(FROM.1);
    let page = if is_on_its_page { place(id) } else { LIST_PAGE.to_owned() };
    format!("{page}?done=saved")
}

/// Sends a test, whatever events the endpoint wants.
pub(crate) async fn test(staff: &Staff) -> Answer {
    let id = asked(staff).await?.id;
    let tested = once(staff, TestEndpoint(id)).await;
    shown_again(staff, tested, &format!("{}?done=tested", place(id))).await
}
