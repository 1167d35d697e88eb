use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::ACCESS_CONTROL_REQUEST_METHOD;

use crate::context::RequestContext;
use crate::cors::Asked;

/// What a page of another origin asks for; `None` if no origin is allowed.
pub(super) fn asked(context: &RequestContext) -> Option<Asked> {
    context.state.cors.asked(context.headers(), is_preflight(context))
}

/// The response to the question that a browser asks before a request from another origin.
pub(super) fn preflight(context: &RequestContext) -> Option<HttpResponse> {
    let asked = is_preflight(context) && context.state.cors.is_open();
    asked.then(|| HttpResponse::NoContent().finish())
}

fn is_preflight(context: &RequestContext) -> bool {
    *context.http.method() == Method::OPTIONS && context.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
