use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use domain::Uuid;
use tracing::Span;
use tracing::field::Empty;
use uuid::{NoContext, Timestamp};

/// The header that names a request.
pub(super) const HEADER: &str = "x-request-id";

/// The span of a request.
pub(super) fn span(id: &HeaderValue, method: &Method, route: Option<&str>) -> Span {
    tracing::info_span!(
        "request",
        request_id = std::str::from_utf8(id.as_bytes()).unwrap_or_default(),
        method = method.as_str(),
        route = route.unwrap_or_default(),
        account_id = Empty
    )
}

/// The one line of a request.
pub(super) fn log(status: StatusCode, time: Duration) {
    tracing::info!(status = status.as_u16(), milliseconds = milliseconds(time), "answered");
}

/// To the microsecond.
fn milliseconds(time: Duration) -> f64 {
    f64::from(u32::try_from(time.as_micros()).unwrap_or(u32::MAX)) / 1000.0
}

/// The client's name for it, if it is sane, else a new one.
pub(super) fn request_id(headers: &HeaderMap) -> HeaderValue {
    let sane = |id: &&HeaderValue| {
        (1..=128).contains(&id.len())
            && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    headers.get(HEADER).filter(sane).cloned().unwrap_or_else(new_id)
}

/// Names need no order within a millisecond, for which workers would wait for one another.
fn new_id() -> HeaderValue {
    let id = Uuid::new_v7(Timestamp::now(NoContext));
    let mut text = Uuid::encode_buffer();
    // It is ASCII, so the error cannot be.
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)).unwrap_or(HeaderValue::from_static(""))
}
