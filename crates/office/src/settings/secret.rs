//! A secret that is shown once.

use actix_web::HttpResponse;
use application::{Response, Storable, StoredResponse};
use maud::{Markup, html};

use super::SECTION;
use crate::layout::page;
use crate::request::Staff;

/// A secret on its way to the page. It is not kept with the key of the form: a form that is sent again gets none.
pub(super) struct Shown(pub(super) String);

impl Storable for Shown {
    fn to_stored(&self) -> StoredResponse {
        StoredResponse { content: Vec::new(), personal_to: None }
    }
}

/// The secret, unless the form was sent before.
pub(super) fn taken(response: Response<Shown>) -> Option<String> {
    match response {
        Response::First(Shown(secret)) => Some(secret),
        Response::Replayed(_) => None,
    }
}

/// The texts of a page with a secret.
pub(super) struct Around<'a> {
    /// What the page is called.
    pub(super) title: &'a str,
    /// What the secret belongs to.
    pub(super) of: &'a str,
    /// How it is used.
    pub(super) usage: Markup,
    /// How to get another one.
    pub(super) lost: &'a str,
    /// The page after it, with its name.
    pub(super) back: (&'a str, &'a str),
}

/// The page with a secret. It cannot be opened again.
pub(super) fn show(staff: &Staff, around: &Around<'_>, secret: Option<&str>) -> HttpResponse {
    page(staff, SECTION, around.title, &contents(staff, around, secret))
}

fn contents(staff: &Staff, around: &Around<'_>, secret: Option<&str>) -> Markup {
    let (back, name) = around.back;
    html! {
        section.card.dialog data-dialog {
            h1 { (around.title) " " (around.of) }
            @match secret {
                Some(secret) => {
                    pre.note #secret tabindex="0" { (secret) }
                    p { "Copy it now: it is shown this once. " (around.usage) }
                    div.actions {
                        button type="button" data-copies="secret" hidden { "Copy" }
                        a.button.main href=(staff.to(back)) { "I have it" }
                    }
                },
                None => {
                    p { "It was shown already. " (around.lost) }
                    div.actions { a.button.main href=(staff.to(back)) { (name) } }
                },
            }
        }
    }
}
