//! The page that says why there is no page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;

use crate::host::Refusal;
use crate::layout::{bare, respond};
use crate::request::relative;

/// The page for a refusal or a failure of a request for `path`. It names the request, so that it can be found in the log.
/// `again` is the address of a page that may be there in a moment, relative to this one: it is linked, and scripts open it
/// after a few seconds.
pub fn refusal(path: &str, again: Option<&str>, refusal: &Refusal, request_id: &str) -> HttpResponse {
    let body = html! {
        div.card.notice {
            h1 { (refusal.title) }
            p { (refusal.detail) }
            @if !refusal.fields.is_empty() {
                ul { @for (field, message) in &refusal.fields { li { (field) " " (message) } } }
            }
            @if let Some(again) = again {
                p hidden data-retried role="status" { "It is tried again by itself in a few seconds." }
                p { a.button.main data-retries href=(again) { "Try again" } }
            }
            p { a.button href=(relative(path, "")) { "Back to the office" } }
            p.faint { "Request " code { (request_id) } }
        }
    };
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, bare(path, &refusal.title, &body))
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody as _;

    use super::*;

    fn page(again: Option<&str>) -> String {
        let away = Refusal { status: 503, title: "Not available".into(), ..Refusal::default() };
        let response = super::refusal("/office/orders", again, &away, "request-7");
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = response.into_body().try_into_bytes().unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[test]
    fn a_page_that_cannot_be_answered_now_is_tried_again() {
        let shown = page(Some("./orders?status=placed"));
        assert!(shown.contains("data-retries href=\"./orders?status=placed\">Try again</a>"), "{shown}");
        assert!(shown.contains("request-7"));
        assert!(!page(None).contains("Try again"), "what changes something is not sent again by a link");
    }
}
