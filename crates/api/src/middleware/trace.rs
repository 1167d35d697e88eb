use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use domain::Uuid;
use tracing::Span;
use uuid::{NoContext, Timestamp};

use crate::context::RequestContext;

/// The header that names a request.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The span of a request, for events at the level `debug`. Those of higher levels name the request themselves, so that
/// usually no span has to be kept.
pub(super) fn span(id: &HeaderValue, method: &str, route: Option<&str>) -> Span {
    tracing::debug_span!("request", request_id = id.to_str().unwrap_or_default(), method, route)
}

/// The one line of a request.
pub(super) fn log(context: &RequestContext, method: &str, status: StatusCode, time: Duration) {
    let mut text = Uuid::encode_buffer();
    let account_id = context.access().map(|access| &*access.account_id.0.hyphenated().encode_lower(&mut text));
    tracing::info!(
        request_id = context.id(),
        method,
        route = context.route,
        account_id,
        status = status.as_u16(),
        milliseconds = milliseconds(time),
        "answered"
    );
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
    headers.get(&HEADER).filter(sane).cloned().unwrap_or_else(new_id)
}

/// Names need no order within a millisecond, for which workers would wait for one another.
pub(crate) fn new_id() -> HeaderValue {
    let id = Uuid::new_v7(Timestamp::now(NoContext));
    let mut text = Uuid::encode_buffer();
    // It is ASCII, so the error cannot be.
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)).unwrap_or(HeaderValue::from_static(""))
}
