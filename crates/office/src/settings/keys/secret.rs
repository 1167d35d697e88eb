//! The secret of a key, which is shown once.

use actix_web::HttpResponse;
use application::access::{Attempted, note_refusal};
use application::{Command, Error};
use domain::keys::KeySecret;
use maud::html;

use super::LIST_PAGE;
use crate::request::Staff;
use crate::settings::secret::{self, Around, Shown};

/// Runs a command that gives a key this secret, once for the form. Returns the secret, unless the form was sent before.
///
/// # Errors
/// What refuses it, or a failure.
pub(super) async fn give<C>(
    staff: &Staff,
    attempted: Attempted,
    command: C,
    secret: KeySecret,
) -> Result<Option<String>, Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    let runner = staff.runner();
    let ran = runner.run_once(staff.claim(), command, move |_| Shown(secret.expose().to_owned())).await;
    Ok(secret::taken(note_refusal(&runner, attempted, ran).await?))
}

/// The page with the secret of a key.
pub(super) fn show(staff: &Staff, name: &str, secret: Option<&str>) -> HttpResponse {
    let around = Around {
        title: "Secret of the key",
        of: name,
        usage: html! { "A program sends it as " code { "Authorization: Bearer" } "." },
        lost: "Rotate the key to get another secret.",
        back: (LIST_PAGE, "API keys"),
    };
    secret::show(staff, &around, secret)
}
