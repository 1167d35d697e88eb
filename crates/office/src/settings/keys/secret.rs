//! The secret of a key, which is shown once.

use actix_web::HttpResponse;
use application::access::{Attempted, note_refusal};
use application::{Command, Error, Response, Storable, StoredResponse};
use domain::keys::KeySecret;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::page;
use crate::request::Staff;

/// A secret on its way to the page. It is not kept with the key of the form: a form that is sent again gets none.
struct Shown(KeySecret);

impl Storable for Shown {
    fn to_stored(&self) -> StoredResponse {
        StoredResponse { content: Vec::new(), personal_to: None }
    }
}

/// Runs a command that gives a key this secret, once for the form. Returns the secret, unless the form was sent before.
///
/// # Errors
/// What refuses it, or a failure.
pub(super) async fn give<C>(
    staff: &Staff,
    attempted: Attempted,
    command: C,
    secret: KeySecret,
) -> Result<Option<KeySecret>, Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    let runner = staff.runner();
    let ran = runner.run_once(staff.claim(), command, move |_| Shown(secret.clone())).await;
    Ok(match note_refusal(&runner, attempted, ran).await? {
        Response::First(Shown(secret)) => Some(secret),
        Response::Replayed(_) => None,
    })
}

/// The page with the secret of a key. It cannot be opened again.
pub(super) fn show(staff: &Staff, name: &str, secret: Option<&KeySecret>) -> HttpResponse {
    page(staff, SECTION, "Secret of the key", &contents(staff, name, secret))
}

fn contents(staff: &Staff, name: &str, secret: Option<&KeySecret>) -> Markup {
    html! {
        section.card.dialog data-dialog {
            h1 { "Secret of the key " (name) }
            @match secret {
                Some(secret) => {
                    pre.note #secret tabindex="0" { (secret.expose()) }
                    p { "Copy it now: it is shown this once. A program sends it as "
                        code { "Authorization: Bearer" } "." }
                    div.actions {
                        button type="button" data-copies="secret" hidden { "Copy" }
                        a.button.main href=(staff.to(LIST_PAGE)) { "I have it" }
                    }
                },
                None => {
                    p { "It was shown already. Rotate the key to get another secret." }
                    div.actions { a.button.main href=(staff.to(LIST_PAGE)) { "API keys" } }
                },
            }
        }
    }
}
