use actix_governor::KeyExtractor;
use actix_web::dev::ServiceRequest;
use domain::accounts::Role;

use super::About;
use crate::extract::access;
use crate::metrics::RATE_LIMITED;
use crate::problem::Problem;
use crate::rate_limit::{ClientAndEndpoint, Standing};
use crate::state::State;

/// Refuses a client that sends more than its share. `middleware::envelope` tells every other one how it stands.
pub(super) fn refusal(request: &ServiceRequest) -> Option<Problem> {
    let standing = standing(request)?;
    let refusal = standing.refusal();
    if refusal.is_some() {
        metrics::counter!(RATE_LIMITED).increment(1);
    }
    if let Some(mut about) = About::of_mut(request) {
        about.standing = Some(standing);
    }
    refusal
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
    !request.path().starts_with("/api/") && About::of(request).is_some_and(|about| about.route().is_some())
}
