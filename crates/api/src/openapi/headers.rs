//! The response headers.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::problem::Kind;

/// Every response header, but for those of all responses, with its description and its type.
const HEADERS: [(&str, &str, &str); 8] = [
    ("Accept-Patch", "The media types of a PATCH; only in responses to one.", "string"),
    ("ETag", "The version of what is shown, for `If-None-Match` and `If-Match`.", "string"),
    (
        "Idempotency-Replayed",
        "`true` if this is the stored response to an earlier request with the same `Idempotency-Key`; \
      absent if the request was done now.",
        "string",
    ),
    ("Link", "The URL of the next page, with `rel=\"next\"` (RFC 8288); absent on the last page.", "string"),
    ("Location", "The path of what was created, or where it is now.", "string"),
    ("Retry-After", "Seconds until the request may be sent again.", "integer"),
    (
        "WWW-Authenticate",
        "The challenge for an access token (RFC 6750); in a 403 with the scopes that are needed.",
        "string",
    ),
    ("Vary", "The request headers on which the response depends.", "string"),
];

/// The description of a header.
pub(super) fn header(name: &str) -> Value {
    let known = HEADERS.iter().find(|(known, ..)| *known == name);
    known.map_or(Value::Null, |(_, description, data_type)| json!({ "description": description, "type": data_type }))
}

/// The headers of the error response for these problems of one status.
pub(super) fn of_problems(kinds: &[Kind]) -> Vec<&'static str> {
    let waits = |kind: &Kind| {
        matches!(kind.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
            || *kind == Kind::STILL_RUNNING
    };
    let mut names = Vec::new();
    if kinds.iter().any(waits) {
        names.push("Retry-After");
    }
    if kinds.contains(&Kind::UNSUPPORTED) {
        names.push("Accept-Patch");
    }
    if kinds.iter().any(|kind| kind.status == StatusCode::UNAUTHORIZED || *kind == Kind::FORBIDDEN) {
        names.push("WWW-Authenticate");
    }
    names
}
