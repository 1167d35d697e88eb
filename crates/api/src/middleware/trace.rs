use std::time::{Duration, Instant};

use actix_web::HttpMessage;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use domain::Uuid;
use tracing::Instrument;
use tracing::field::Empty;
use uuid::{NoContext, Timestamp};

use super::{About, Outcome};
use crate::routes::find;

/// The header that names a request.
pub(super) const HEADER: &str = "x-request-id";

/// Names a request and finds its route. Around it stands a span, and at its end a line in the log; neither shows query,
/// body or token.
pub(super) async fn trace(mut request: ServiceRequest, next: impl AsyncFnOnce(ServiceRequest) -> Outcome) -> Outcome {
    let began = Instant::now();
    let found = find(&mut request);
    let about = About::new(request_id(&request), found);
    let span = tracing::info_span!(
        "request",
        request_id = about.id(),
        method = request.method().as_str(),
        route = about.route().unwrap_or_default(),
        account_id = Empty
    );
    request.extensions_mut().insert(about);
    let told = async {
        let outcome = next(request).await;
        let status =
            outcome.as_ref().map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
        tracing::info!(status = status.as_u16(), milliseconds = milliseconds(began.elapsed()), "answered");
        outcome
    };
    told.instrument(span).await
}

/// To the microsecond.
fn milliseconds(time: Duration) -> f64 {
    f64::from(u32::try_from(time.as_micros()).unwrap_or(u32::MAX)) / 1000.0
}

/// The client's name for it, if it is sane, else a new one.
fn request_id(request: &ServiceRequest) -> HeaderValue {
    let sane = |id: &&HeaderValue| {
        (1..=128).contains(&id.len())
            && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    request.headers().get(HEADER).filter(sane).cloned().unwrap_or_else(new_id)
}

/// Names need no order within a millisecond, for which workers would wait for one another.
fn new_id() -> HeaderValue {
    let id = Uuid::new_v7(Timestamp::now(NoContext));
    let mut text = Uuid::encode_buffer();
    // It is ASCII, so the error cannot be.
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)).unwrap_or(HeaderValue::from_static(""))
}
