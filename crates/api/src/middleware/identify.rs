use actix_web::http::header::AUTHORIZATION;
use application::keys::RecordKeyUse;
use domain::accounts::Network;
use domain::keys::{ApiKey, KeySecret};
use memchr::memmem;

use crate::context::{Identity, Known, RequestContext};
use crate::extract::ClientAddress;
use crate::problem::{Kind, Problem};

/// Identifies the caller first. It refuses nobody: each handler decides who may call.
pub(super) async fn identify(context: &mut RequestContext) {
    if context.is_of_office() {
        // Boxed: most requests are for the API.
        return Box::pin(visit(context)).await;
    }
    context.identity = identity(context).await;
}

/// Pages of the office take the cookie of a session and nothing else; the API does not take it.
async fn visit(context: &mut RequestContext) {
    let Some(office) = &context.state.office else { return };
    let Some(secret) = office::cookie_secret(context.headers(), context.is_https()) else { return };
    match office.sessions.find(&secret).await {
        Ok(Some(visit)) => {
            context.identity = Identity::Known(Known::Account(visit.access));
            context.visit = Some(visit);
        }
        Ok(None) => {}
        Err(error) => context.identity = Identity::Refused(error.into()),
    }
}

async fn identity(context: &RequestContext) -> Identity {
    let mut values = context.headers().get_all(AUTHORIZATION);
    if values.next().is_none() {
        return Identity::Anonymous;
    }
    if values.next().is_some() {
        // A proxy may have looked at the other one.
        return Identity::Refused(Problem::new(Kind::BAD_HEADER, "Authorization must be sent once."));
    }
    let token = context.bearer();
    if let Some(secret) = token.filter(|token| token.starts_with(KeySecret::BEGINNING)) {
        // Boxed: most callers have a token.
        return Box::pin(of_key(context, secret)).await;
    }
    let state = &context.state;
    let Some(claims) = token.and_then(|token| state.signer.verify(token, state.clock.now()).ok()) else {
        return Identity::Refused(bad_token());
    };
    match state.queries.accounts.access(claims.account_id, claims.login).await {
        Ok(Some(access)) if access.honours(&claims) => Identity::Known(Known::Account(access)),
        Ok(_) => Identity::Refused(bad_token()),
        Err(error) => Identity::Refused(error.into()),
    }
}

/// The caller with the secret of an API key. One whose checksum is wrong is looked up nowhere.
async fn of_key(context: &RequestContext, secret: &str) -> Identity {
    let state = &context.state;
    let Some(claim) = state.api_keys.secrets.read(secret) else { return Identity::Refused(bad_key()) };
    let key = match state.queries.keys.by_prefix(&claim.prefix).await {
        Ok(Some(key)) => key,
        Ok(None) => return Identity::Refused(bad_key()),
        Err(error) => return Identity::Refused(error.into()),
    };
    let Some(access) = key.opened(&claim.hash, state.clock.now()) else { return Identity::Refused(bad_key()) };
    note_use(context, &key);
    Identity::Known(Known::Key(access))
}

/// Records that a key was used, once a minute, beside the request.
fn note_use(context: &RequestContext, key: &ApiKey) {
    let state = &context.state;
    if !state.api_keys.is_news(key, state.clock.now()) {
        return;
    }
    let (runner, id) = (state.runner.clone(), key.id);
    let used = RecordKeyUse { id, from: Network::of(ClientAddress::of(context).0) };
    actix_web::rt::spawn(async move {
        if let Err(error) = runner.run(used).await {
            tracing::warn!(key_id = %id, error = &error as &dyn std::error::Error, "the use of a key was not recorded");
        }
    });
}

/// Refuses an API key in the address: it stands in logs from now on.
///
/// # Errors
/// If there is one.
pub(super) fn expect_no_key_in_address(context: &RequestContext) -> Result<(), Problem> {
    let Some(query) = context.http.uri().query() else { return Ok(()) };
    if !context.http.path().starts_with("/api/") {
        return Ok(());
    }
    let is_key = |place: usize| {
        let secret = query.get(place..place + KeySecret::LENGTH)?;
        context.state.api_keys.secrets.read(secret)
    };
    let Some(claim) = memmem::find_iter(query.as_bytes(), KeySecret::BEGINNING).find_map(is_key) else { return Ok(()) };
    tracing::warn!(
        request_id = context.id(),
        route = context.route,
        prefix = claim.prefix.as_str(),
        "an API key stands in an address, and so in logs; rotate it"
    );
    Err(Problem::new(
        Kind::BAD_QUERY,
        "An API key stands in the address, where logs keep it. Rotate it, and send it as `Authorization: Bearer …`.",
    ))
}

/// The same for every invalid token, so that a client does not learn what is wrong with it.
fn bad_token() -> Problem {
    Problem::unauthenticated(
        "The access token is not valid, or not any more. Log in again.",
        "Bearer realm=\"storekeeper\", error=\"invalid_token\"",
    )
}

/// The same for every invalid key.
fn bad_key() -> Problem {
    Problem::unauthenticated(
        "The API key is not valid, or not any more.",
        "Bearer realm=\"storekeeper\", error=\"invalid_token\"",
    )
}
