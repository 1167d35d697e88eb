use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use domain::Uuid;
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::RootSpanBuilder;

use super::route::route;

/// The header that names a request.
pub(crate) const HEADER: &str = "x-request-id";

/// The name of a request: the client's, if it is sane, else a new one.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// The span around a request, and the line in the log at its end. Neither shows query, body or token.
pub(crate) struct RequestSpan;

#[derive(Clone, Copy)]
struct Began(Instant);

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request_id(request);
        let route = route(request);
        let route = route.as_deref().unwrap_or_default();
        let span =
            tracing::info_span!("request", request_id = %id.0, method = %request.method(), route, account_id = Empty);
        request.extensions_mut().insert(id);
        request.extensions_mut().insert(Began(Instant::now()));
        span
    }

    fn on_request_end<B: MessageBody>(_: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let began = outcome.as_ref().ok().and_then(|response| response.request().extensions().get::<Began>().copied());
        let milliseconds = began.map(|began| milliseconds(began.0.elapsed()));
        let status =
            outcome.as_ref().map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
        tracing::info!(status = status.as_u16(), milliseconds, "answered");
    }
}

/// To the microsecond.
fn milliseconds(time: Duration) -> f64 {
    f64::from(u32::try_from(time.as_micros()).unwrap_or(u32::MAX)) / 1000.0
}

fn request_id(request: &ServiceRequest) -> RequestId {
    let sane = |id: &&str| {
        (1..=128).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok()).filter(sane);
    RequestId(given.map_or_else(|| Uuid::now_v7().to_string(), ToOwned::to_owned))
}
