//! The secret of an endpoint, which is shown once.

use actix_web::HttpResponse;
use application::{Command, Conflict, Error};
use domain::webhooks::Endpoint;
use maud::html;

use super::LIST_PAGE;
use crate::request::Staff;
use crate::settings::secret::{self, Around, Shown};

/// Runs a command that gives an endpoint a secret, once for the form. Returns the secret, unless the form was sent before.
///
/// # Errors
/// What refuses it, also that the settings have no key for secrets, or a failure.
pub(super) async fn give<C>(staff: &Staff, command: C) -> Result<Option<String>, Error>
where
    C: Command<Output = Endpoint> + 'static,
{
    let secrets = staff.office.endpoint_secrets.clone().ok_or(Conflict::NoSecretsKey)?;
    let present = move |given: &Endpoint| Shown(secrets.secret(given.id, given.generation).expose().to_owned());
    staff.runner().run_once(staff.claim(), command, present).await.map(secret::taken)
}

/// The page with the secret of an endpoint.
pub(super) fn show(staff: &Staff, name: &str, secret: Option<&str>) -> HttpResponse {
    let around = Around {
        title: "Secret of the endpoint",
        of: name,
        usage: html! { "The receiver checks with it that a webhook is this shop's, as Standard Webhooks says." },
        lost: "Give the endpoint a new secret to see another one.",
        back: (LIST_PAGE, "Webhooks"),
    };
    secret::show(staff, &around, secret)
}
