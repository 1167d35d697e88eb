use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::ACCESS_CONTROL_REQUEST_METHOD;

use super::Outcome;
use crate::state::State;

/// Tells browsers what pages of other origins may do and see. It stands outside of `envelope`, so that they may see
/// errors too.
pub(super) async fn cors(request: ServiceRequest, next: impl AsyncFnOnce(ServiceRequest) -> Outcome) -> Outcome {
    let asked = State::of(request.request()).cors.asked(request.headers(), is_preflight(&request));
    let mut response = next(request).await?;
    if let Some(asked) = asked {
        asked.answer(response.headers_mut());
    }
    Ok(response)
}

/// The answer to the question that a browser asks before a request from another origin: `cors` says what is allowed.
pub(super) fn preflight(request: &ServiceRequest) -> Option<HttpResponse> {
    let asked = is_preflight(request) && State::of(request.request()).cors.is_open();
    asked.then(|| HttpResponse::NoContent().finish())
}

fn is_preflight(request: &ServiceRequest) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
