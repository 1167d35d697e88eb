use application::webhooks::RotateSecret;
use domain::webhooks::Endpoint;
use maud::{Markup, html};

use super::{SECTION, asked, name, place, secret};
use crate::act::after;
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New webhook secret");

/// Asks whether an endpoint gets another secret.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &endpoint, &Form::default())))
}

/// Gives an endpoint another secret, and shows it.
pub(crate) async fn rotate(staff: &Staff) -> Answer {
    let endpoint = asked(staff).await?;
    match secret::give(staff, RotateSecret(endpoint.id)).await {
        Ok(given) => Ok(secret::show(staff, &name(&endpoint), given.as_deref())),
        Err(error) => {
            let then = place(endpoint.id);
            after(staff, Err(error), &then, staff.form(), PAGE, |form| contents(staff, &endpoint, form))
        }
    }
}

fn contents(staff: &Staff, endpoint: &Endpoint, form: &Form) -> Markup {
    let asks = Dialog {
        title: format!("Give {} a new secret", name(endpoint)),
        action: format!("{}/rotate", place(endpoint.id)),
        back: place(endpoint.id),
        button: "Make a new secret",
        is_final: false,
    };
    let consequences = html! {
        ul {
            li { "For a day the secret of now signs too, so that the receiver has time to change. Then it signs nothing any more." }
            li { "A secret that still signed from the rotation before ends at once." }
        }
    };
    dialog(staff, form, &asks, &consequences)
}
