//! What happens around every request, one step after the other.

mod cors;
mod envelope;
mod identify;
mod limits;
mod measure;
mod rate_limit;
mod slash;
mod trace;

use std::sync::Arc;
use std::time::Instant;

pub(crate) use trace::new_id as new_request_id;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpResponse};
use tracing::Instrument;

use crate::context::{RequestContext, State};
use crate::problem::{Kind, Problem};
use crate::routes::{Route, table};

/// Answers a request inside a span and logs a line at the end. Neither shows query, body or token.
pub(crate) async fn handle(mut request: ServiceRequest, state: Arc<State>) -> Result<ServiceResponse, Error> {
    let began = Instant::now();
    let id = trace::request_id(request.headers());
    let (route, parameters) = table().find(request.match_info().as_str()).unzip();
    let path = route.map(|route| route.path);
    let method = measure::name_of(request.method());
    let span = trace::span(&id, method, path);
    limits::head_as_get(&mut request);
    let (http, payload) = request.into_parts();
    let context = RequestContext::new(http, payload, state, id, path, parameters.unwrap_or_default());
    let answered = async move {
        let measured = measure::Measured::begin(began, method, path);
        let (context, response) = respond(context, route).await;
        measured.end(&response);
        trace::log(&context, method, response.status(), began.elapsed());
        Ok(ServiceResponse::new(context.http, response))
    };
    answered.instrument(span).await
}

/// The response with all that every response carries.
async fn respond(mut context: RequestContext, route: Option<&Route>) -> (RequestContext, HttpResponse) {
    let cors = cors::asked(&context);
    let result = envelope::catch_panic(admit(&mut context, route)).await;
    let mut response = envelope::finish(result, &context);
    if let Some(cors) = cors {
        cors.answer(response.headers_mut());
    }
    (context, response)
}

/// Runs the handler, if nothing speaks against it.
async fn admit(context: &mut RequestContext, route: Option<&Route>) -> Result<HttpResponse, Problem> {
    if let Some(answer) = cors::preflight(context) {
        return Ok(answer);
    }
    limits::check(context)?;
    identify::identify(context).await;
    rate_limit::check(context)?;
    match route {
        Some(route) => route.run(context).await,
        None => slash::without(context).ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is nothing at this path.")),
    }
}
