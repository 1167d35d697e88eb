use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

use domain::Uuid;

use crate::extract::Identity;
use crate::problem::Problem;
use crate::state::State;

/// Finds out who calls, before anything else is looked at. It refuses nobody: that is up to each handler.
pub(crate) async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let identity = identity(&request).await;
    if let Identity::Known(access) = &identity {
        let mut text = Uuid::encode_buffer();
        tracing::Span::current().record("account_id", &*access.account_id.0.hyphenated().encode_lower(&mut text));
    }
    request.extensions_mut().insert(identity);
    next.call(request).await
}

async fn identity(request: &ServiceRequest) -> Identity {
    let Some(value) = request.headers().get(AUTHORIZATION) else { return Identity::Anonymous };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let state = State::of(request.request());
    let Some(claims) = token.and_then(|token| state.signer.verify(token, state.clock.now()).ok()) else {
        return Identity::Refused(bad_token());
    };
    match state.accounts.access(claims.account_id).await {
        Ok(Some(access)) if access.honours(&claims) => Identity::Known(access),
        Ok(_) => Identity::Refused(bad_token()),
        Err(error) => Identity::Refused(error.into()),
    }
}

/// The same for every bad token, so that nobody learns what was wrong with it.
fn bad_token() -> Problem {
    Problem::unauthenticated(
        "The access token is not valid, or not any more. Log in again.",
        "Bearer realm=\"storekeeper\", error=\"invalid_token\"",
    )
}
