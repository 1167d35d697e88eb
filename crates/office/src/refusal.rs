//! The page that says why there is no page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;

use crate::host::Refusal;
use crate::layout::{bare, respond};
use crate::request::relative;

/// The page for a refusal or a failure of a request for `path`. It names the request, so that it can be found in the log.
pub fn refusal(path: &str, refusal: &Refusal, request_id: &str) -> HttpResponse {
    let body = html! {
        div.card.notice {
            h1 { (refusal.title) }
            p { (refusal.detail) }
            @if !refusal.fields.is_empty() {
                ul { @for (field, message) in &refusal.fields { li { (field) " " (message) } } }
            }
            p { a.button href=(relative(path, "")) { "Back to the office" } }
            p.faint { "Request " code { (request_id) } }
        }
    };
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, bare(path, &refusal.title, &body))
}
