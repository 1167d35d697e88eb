use std::time::Instant;

use ::metrics::{counter, gauge, histogram};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;

use super::route::route;
use crate::metrics::{DURATION, IN_FLIGHT, LOGINS, ORDERS_PLACED, REQUESTS};

/// The route of a path that has none.
const NO_ROUTE: &str = "(none)";

/// Counts requests and how long they take.
pub(crate) async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let method = method(request.method());
    let route = route(&request).unwrap_or_else(|| NO_ROUTE.into());
    let in_flight = InFlight::new();
    let outcome = next.call(request).await;
    drop(in_flight);
    let status = outcome.as_ref().map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
    let replayed = outcome.as_ref().is_ok_and(|response| response.headers().contains_key("idempotency-replayed"));
    count_events(method, &route, status, replayed);
    histogram!(DURATION, "method" => method, "route" => route.clone()).record(began.elapsed().as_secs_f64());
    counter!(REQUESTS, "method" => method, "route" => route, "status" => status.as_str().to_owned()).increment(1);
    outcome
}

/// What some answers mean for the shop.
fn count_events(method: &str, route: &str, status: StatusCode, replayed: bool) {
    match (method, route) {
        ("POST", "/api/v1/orders") if status == StatusCode::CREATED && !replayed => {
            counter!(ORDERS_PLACED).increment(1);
        }
        ("POST", "/api/v1/auth/login") => counter!(LOGINS, "outcome" => login(status)).increment(1),
        _ => {}
    }
}

fn login(status: StatusCode) -> &'static str {
    match status {
        StatusCode::OK => "accepted",
        StatusCode::UNAUTHORIZED => "refused",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        status if status.is_client_error() => "malformed",
        _ => "failed",
    }
}

/// HTTP's own methods by name; anybody can make up more.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "(other)",
    }
}

/// A request that is being answered, until this is dropped: also when its client goes away.
struct InFlight;

impl InFlight {
    fn new() -> Self {
        gauge!(IN_FLIGHT).increment(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1);
    }
}
