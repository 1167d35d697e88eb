use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use domain::Uuid;
use tracing::Instrument;
use tracing::field::Empty;

use super::route::Route;
use crate::routes::find;

/// The header that names a request.
pub(crate) const HEADER: &str = "x-request-id";

/// The name of a request: the client's, if it is sane, else a new one.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Names a request and finds its route. Around it stands a span, and at its end a line in the log; neither shows query,
/// body or token.
pub(crate) async fn trace(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let (id, route) = (request_id(&request), find(&mut request));
    let span = tracing::info_span!(
        "request",
        request_id = id.0,
        method = request.method().as_str(),
        route = route.unwrap_or_default(),
        account_id = Empty
    );
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(Route(route));
    let outcome = next.call(request).instrument(span.clone()).await;
    let status = outcome.as_ref().map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
    let milliseconds = milliseconds(began.elapsed());
    span.in_scope(|| tracing::info!(status = status.as_u16(), milliseconds, "answered"));
    outcome
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
