//! What happens around every request.
//!
//! The layers are functions around one another, not middleware of actix, and those that only look at the request are
//! called in order: so a request takes one future on the heap and not one for each of them.

mod about;
mod cors;
mod envelope;
mod identify;
mod limits;
mod measure;
mod rate_limit;
mod trace;

use std::rc::Rc;

use actix_web::Error;
use actix_web::dev::{ServiceRequest, ServiceResponse};

pub(crate) use about::About;

use crate::routes::Handlers;

/// What comes of a request.
type Outcome = Result<ServiceResponse, Error>;

/// Answers a request: here are the layers, from the inside out.
pub(crate) async fn around(request: ServiceRequest, handlers: Rc<Handlers>) -> Outcome {
    let admitted = async move |request| admit(request, &handlers).await;
    let enveloped = async move |request| envelope::envelope(request, admitted).await;
    let shared = async move |request| cors::cors(request, enveloped).await;
    let measured = async move |request| measure::measure(request, shared).await;
    trace::trace(request, measured).await
}

/// Lets a request through to its handler, if nothing speaks against it.
async fn admit(mut request: ServiceRequest, handlers: &Handlers) -> Outcome {
    if let Some(answer) = cors::preflight(&request) {
        return Ok(request.into_response(answer));
    }
    if let Some(problem) = limits::refusal(&request) {
        return Ok(request.error_response(problem));
    }
    limits::head_as_get(&mut request);
    identify::identify(&request).await;
    if let Some(problem) = rate_limit::refusal(&request) {
        return Ok(request.error_response(problem));
    }
    let found = About::of(&request).and_then(|about| about.found);
    handlers.answer(request, found).await
}
