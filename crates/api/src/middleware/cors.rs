use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::ACCESS_CONTROL_REQUEST_METHOD;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

use crate::state::State;

/// Tells browsers what pages of other origins may do and see. It stands outside of `envelope`, so that they may see
/// errors too.
pub(crate) async fn cors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let asked = State::of(request.request()).cors.asked(request.headers(), is_preflight(&request));
    let mut response = next.call(request).await?;
    if let Some(asked) = asked {
        asked.answer(response.headers_mut());
    }
    Ok(response)
}

/// Answers the question that a browser asks before a request from another origin: `cors` says what is allowed.
pub(crate) async fn preflight(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_preflight(&request) && State::of(request.request()).cors.is_open() {
        return Ok(request.into_response(HttpResponse::NoContent()));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

fn is_preflight(request: &ServiceRequest) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
