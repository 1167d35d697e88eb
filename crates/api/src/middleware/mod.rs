//! What happens around every request, one step after the other.

mod cors;
mod envelope;
mod identify;
mod limits;
mod measure;
mod path;
mod rate_limit;
mod slash;
mod trace;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

pub(crate) use trace::new_id as new_request_id;

use actix_http::{HttpMessage as _, Request, Response};
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use tracing::Instrument;

use crate::context::{RequestContext, State};
use crate::problem::{Kind, Problem};
use crate::routes::{Route, table};

/// Answers a request inside a span and logs a line at the end. Neither shows query, body or token. `has_office`: whether pages
/// of the office are at the address that it came to.
pub(crate) async fn handle(
    mut request: Request,
    state: Arc<State>,
    has_office: bool,
) -> Result<Response<BoxBody>, Infallible> {
    let began = Instant::now();
    let id = trace::request_id(request.headers());
    let decoded = path::decoded(request.path());
    let (route, parameters) = table().find(decoded.as_deref().unwrap_or(request.path()), has_office).unzip();
    let path = route.map(|route| route.path);
    let method = measure::name_of(request.method());
    let span = trace::span(&id, method, path);
    limits::head_as_get(&mut request);
    let mut context =
        RequestContext::new(request, state, has_office, id, path, decoded, parameters.unwrap_or_default());
    let answered = async move {
        let measured = measure::Measured::begin(method, path);
        let response = respond(&mut context, route).await;
        let time = began.elapsed();
        measured.end(&response, time);
        trace::log(&context, method, response.status(), time);
        response
    };
    Ok(answered.instrument(span).await.into())
}

/// Runs the request, and completes the response with the headers of every response.
async fn respond(context: &mut RequestContext, route: Option<&Route>) -> HttpResponse {
    let cors = cors::asked(context);
    let result = envelope::catch_panic(admit(context, route)).await;
    let mut response = envelope::finish(result, context);
    if let Some(cors) = cors {
        cors.answer(response.headers_mut());
    }
    response
}

/// Runs the handler, unless a limit or a check refuses the request.
async fn admit(context: &mut RequestContext, route: Option<&Route>) -> Result<HttpResponse, Problem> {
    if let Some(answer) = cors::preflight(context) {
        return Ok(answer);
    }
    limits::check(context)?;
    identify::expect_no_key_in_address(context)?;
    identify::identify(context).await;
    rate_limit::check(context)?;
    match route {
        Some(route) => route.run(context).await,
        None => slash::without(context).ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is nothing at this path.")),
    }
}
