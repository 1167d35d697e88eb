//! The headers of answers.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::problem::Kind;

/// Every header of an answer, with what it says and its type.
const HEADERS: [(&str, &str, &str); 10] = [
    ("ETag", "The version of what is shown, for `If-None-Match` and `If-Match`.", "string"),
    (
        "Idempotency-Replayed",
        "`true` if this is the kept answer to an earlier request with the same `Idempotency-Key`; \
      not there if the request was done now.",
        "string",
    ),
    ("Link", "Where the next page is, with `rel=\"next\"` (RFC 8288); not there on the last one.", "string"),
    ("Location", "The path of what was created.", "string"),
    (
        "RateLimit",
        "How many requests are left, and in how many seconds all are there again; not there if there is no \
      limit.",
        "string",
    ),
    (
        "RateLimit-Policy",
        "How many requests an endpoint takes from you in how many seconds; not there if there is no \
      limit.",
        "string",
    ),
    ("Retry-After", "In how many seconds the request may be sent again.", "integer"),
    ("WWW-Authenticate", "Asks for an access token (RFC 6750).", "string"),
    (
        "X-Request-Id",
        "Names the request: the client's own `X-Request-Id` if it sent a sane one. The log has it too.",
        "string",
    ),
    ("Vary", "An answer is another for another caller.", "string"),
];

/// The description of a header.
pub(super) fn header(name: &str) -> Value {
    let known = HEADERS.iter().find(|(known, ..)| *known == name);
    known.map_or(Value::Null, |(_, description, data_type)| json!({ "description": description, "type": data_type }))
}

/// The headers that these problems carry, all of them answers with one status.
pub(super) fn of_problems(kinds: &[Kind]) -> Vec<&'static str> {
    let waits = |kind: &Kind| {
        matches!(kind.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
            || *kind == Kind::STILL_RUNNING
    };
    let mut names = Vec::new();
    if kinds.iter().any(waits) {
        names.push("Retry-After");
    }
    if kinds.iter().any(|kind| kind.status == StatusCode::UNAUTHORIZED) {
        names.push("WWW-Authenticate");
    }
    names
}
