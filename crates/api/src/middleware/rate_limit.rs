use actix_governor::KeyExtractor;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use domain::accounts::Role;

use super::route::route;
use crate::extract::access;
use crate::metrics::RATE_LIMITED;
use crate::rate_limit::{ClientAndEndpoint, Standing};
use crate::state::State;

/// Refuses a client that sends more than its share. `middleware::envelope` tells every other one how it stands.
pub(crate) async fn rate_limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let standing = standing(&request);
    let refusal = standing.as_ref().and_then(Standing::refusal);
    if let Some(standing) = standing {
        request.extensions_mut().insert(standing);
    }
    if let Some(problem) = refusal {
        metrics::counter!(RATE_LIMITED).increment(1);
        return Ok(request.error_response(problem));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

/// `None` where there is no limit.
fn standing(request: &ServiceRequest) -> Option<Standing> {
    let limits = State::of(request.request()).rate_limits.as_ref()?;
    if is_free(request) {
        return None;
    }
    let key = ClientAndEndpoint.extract(request).ok()?;
    let is_admin = access(request.request()).is_some_and(|access| access.role == Role::Admin);
    Some(limits.take(&key, is_admin))
}

/// What stands beside the API: health, metrics and documents.
fn is_free(request: &ServiceRequest) -> bool {
    !request.path().starts_with("/api/") && route(request).is_some()
}
