use actix_web::http::Method;

use crate::context::RequestContext;
use crate::extract::ClientAddress;
use crate::metrics::RATE_LIMITED;
use crate::problem::Problem;
use crate::rate_limit::{Client, Key};

/// The routes whose requests do not count.
const UNCOUNTED: [&str; 2] = ["/api/v1/webhooks/payments/{provider}", "/api/v1/payments/{id}/sync"];

/// Counts a request against the client's quota. `envelope` adds what is left of it to the response.
///
/// # Errors
/// If nothing is left.
pub(super) fn check(context: &mut RequestContext) -> Result<(), Problem> {
    let Some(limits) = &context.state.rate_limits else { return Ok(()) };
    // Health, metrics, documents and the files of pages are free; a login has a limit of its own.
    let is_page = context.is_of_office() && context.visit.is_some();
    if context.route.is_some() && !context.http.path().starts_with("/api/") && !is_page {
        return Ok(());
    }
    // They have bounds of their own: a provider does not know the limit, and a customer's page asks until it is paid.
    if context.route.is_some_and(|route| UNCOUNTED.contains(&route)) {
        return Ok(());
    }
    let is_staff = context.known().is_some_and(|known| !known.scopes().is_empty());
    let status = limits.take(&key(context), is_staff);
    let refusal = status.refusal();
    context.rate_limit = Some(status);
    refusal.map_or(Ok(()), |problem| {
        metrics::counter!(RATE_LIMITED).increment(1);
        Err(problem)
    })
}

/// The bucket of a request. The client is the account or key of a valid token, otherwise the address. All paths without
/// a route are one endpoint, counted by address, so that unknown paths create no more buckets.
fn key(context: &RequestContext) -> Key {
    let method = context.http.method();
    let route = context.route.filter(|_| is_usual(method));
    let client = match context.known().filter(|_| route.is_some()) {
        Some(known) => Client::Known(known.who()),
        None => Client::of_address(ClientAddress::of(context).0),
    };
    Key::new(client, method, route)
}

/// Whether it is a standard HTTP method. A client can send any other name.
fn is_usual(method: &Method) -> bool {
    [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE, Method::OPTIONS].contains(method)
}
