use actix_web::http::header::AUTHORIZATION;

use crate::context::{Identity, RequestContext};
use crate::problem::{Kind, Problem};

/// Identifies the caller first. It refuses nobody: each handler decides who may call.
pub(super) async fn identify(context: &mut RequestContext) {
    context.identity = identity(context).await;
}

async fn identity(context: &RequestContext) -> Identity {
    let mut values = context.headers().get_all(AUTHORIZATION);
    let Some(value) = values.next() else { return Identity::Anonymous };
    if values.next().is_some() {
        // A proxy may have looked at the other one.
        return Identity::Refused(Problem::new(Kind::BAD_HEADER, "Authorization must be sent once."));
    }
    // Not `to_str`, which looks at one byte after the other: a token has hundreds.
    let token = std::str::from_utf8(value.as_bytes()).ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let state = &context.state;
    let Some(claims) = token.and_then(|token| state.signer.verify(token, state.clock.now()).ok()) else {
        return Identity::Refused(bad_token());
    };
    match state.queries.accounts.access(claims.account_id, claims.login).await {
        Ok(Some(access)) if access.honours(&claims) => Identity::Known(access),
        Ok(_) => Identity::Refused(bad_token()),
        Err(error) => Identity::Refused(error.into()),
    }
}

/// The same for every invalid token, so that a client does not learn what is wrong with it.
fn bad_token() -> Problem {
    Problem::unauthenticated(
        "The access token is not valid, or not any more. Log in again.",
        "Bearer realm=\"storekeeper\", error=\"invalid_token\"",
    )
}
