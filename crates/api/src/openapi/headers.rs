//! The headers of answers.

use actix_web::http::StatusCode;
use paperclip::v2::models::{DataType, Header};
use serde_json::{Map, Value};

use crate::problem::Kind;

/// Every header of an answer, with what it says and its type.
const HEADERS: [(&str, &str, DataType); 10] = [
    ("ETag", "The version of what is shown, for `If-None-Match` and `If-Match`.", DataType::String),
    (
        "Idempotency-Replayed",
        "`true` if this is the kept answer to an earlier request with the same `Idempotency-Key`; \
      not there if the request was done now.",
        DataType::String,
    ),
    ("Link", "Where the next page is, with `rel=\"next\"` (RFC 8288); not there on the last one.", DataType::String),
    ("Location", "The path of what was created.", DataType::String),
    (
        "RateLimit",
        "How many requests are left, and in how many seconds all are there again; not there if there is no \
      limit.",
        DataType::String,
    ),
    (
        "RateLimit-Policy",
        "How many requests an endpoint takes from you in how many seconds; not there if there is no \
      limit.",
        DataType::String,
    ),
    ("Retry-After", "In how many seconds the request may be sent again.", DataType::Integer),
    ("WWW-Authenticate", "Asks for an access token (RFC 6750).", DataType::String),
    (
        "X-Request-Id",
        "Names the request: the client's own `X-Request-Id` if it sent a sane one. The log has it too.",
        DataType::String,
    ),
    ("Vary", "An answer is another for another caller.", DataType::String),
];

/// The description of a header.
pub(crate) fn header(name: &str) -> Header {
    let known = HEADERS.iter().find(|(known, ..)| *known == name);
    known.map_or_else(Header::default, |(_, description, data_type)| Header {
        description: Some((*description).to_owned()),
        data_type: Some(*data_type),
        ..Header::default()
    })
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

/// Adds headers to an answer.
pub(super) fn add(answer: &mut Map<String, Value>, names: &[&str]) {
    let headers = answer.entry("headers").or_insert_with(|| Value::Object(Map::new()));
    for name in names {
        super::schema::add(headers, name, serde_json::to_value(header(name)).unwrap_or_default());
    }
}
