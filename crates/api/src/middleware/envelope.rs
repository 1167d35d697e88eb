use std::panic::AssertUnwindSafe;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{Error, HttpResponse};
use futures_util::FutureExt;

use super::trace::HEADER;
use super::{About, Outcome};
use crate::lifecycle::Lifecycle;
use crate::problem::{Kind, MEDIA_TYPE, Problem};

/// Writes every error as a problem document, whoever raised it, and adds what every answer carries.
pub(super) async fn envelope(request: ServiceRequest, next: impl AsyncFnOnce(ServiceRequest) -> Outcome) -> Outcome {
    // Nothing may hold on to the request itself, which the layers inside may change.
    let path = request.path().to_owned();
    let request_id = About::of(&request).map(|about| about.id.clone());
    let draining = Lifecycle::of(&request).is_draining();
    let finish = |response| finish(response, &path, request_id.as_ref(), draining);
    match AssertUnwindSafe(next(request)).catch_unwind().await {
        Ok(Ok(response)) => {
            let (http, response) = response.into_parts();
            let mut response = finish(response);
            if let Some(standing) = About::of(&http).as_ref().and_then(|about| about.standing.as_ref()) {
                standing.show(response.headers_mut());
            }
            Ok(ServiceResponse::new(http, response))
        }
        Ok(Err(error)) => Err(lost(finish(HttpResponse::from_error(error)))),
        // The panic hook has logged it.
        Err(_) => Err(lost(finish(HttpResponse::InternalServerError().finish()))),
    }
}

/// An answer to a request that is not there any more: actix sends it as it is.
fn lost(response: HttpResponse) -> Error {
    InternalError::from_response("the request did not come back", response).into()
}

fn finish(response: HttpResponse, path: &str, request_id: Option<&HeaderValue>, draining: bool) -> HttpResponse {
    let mut response = as_problem(response, path, request_id);
    add_headers(response.headers_mut(), request_id);
    let unread = matches!(response.status(), StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT);
    if unread || draining {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    response
}

/// The answer itself, or the document of the error that it stands for.
fn as_problem(response: HttpResponse, path: &str, request_id: Option<&HeaderValue>) -> HttpResponse {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let request_id = request_id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    match response.error().and_then(|error| error.as_error::<Problem>()) {
        Some(problem) => write(problem, status, path, request_id),
        None => write(&of_framework(&response), status, path, request_id),
    }
}

/// The problem behind an error that is not ours.
fn of_framework(response: &HttpResponse) -> Problem {
    match (response.status(), response.error()) {
        (StatusCode::NOT_FOUND, _) => Problem::new(Kind::NOT_FOUND, "There is nothing at this path."),
        (status, Some(error)) if status.is_server_error() => Problem::of_status(status).because(error.to_string()),
        (status, _) => Problem::of_status(status),
    }
}

fn write(problem: &Problem, status: StatusCode, path: &str, request_id: &str) -> HttpResponse {
    if status.is_server_error() {
        log(problem, status);
    }
    let mut response = HttpResponse::build(status);
    for header in problem.headers() {
        response.insert_header(header.clone());
    }
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)));
    response.body(problem.document(path, request_id))
}

/// The one place that logs why a request failed.
fn log(problem: &Problem, status: StatusCode) {
    let mut causes = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = problem.cause().map(|cause| cause as _);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    tracing::error!(status = status.as_u16(), cause = causes.join(": "), "request failed: {problem}");
}

fn add_headers(headers: &mut HeaderMap, request_id: Option<&HeaderValue>) {
    if let Some(id) = request_id {
        headers.insert(HeaderName::from_static(HEADER), id.clone());
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

#[cfg(test)]
mod tests {
    use actix_web::body;
    use actix_web::test::TestRequest;
    use actix_web::web::Data;

    use super::*;

    async fn broken(request: ServiceRequest) -> Outcome {
        let secrets = std::env::vars().filter(|(name, _)| name == "no such variable").count();
        assert_eq!(secrets, 1, "the password is hunter2");
        Ok(request.into_response(HttpResponse::Ok()))
    }

    #[actix_web::test]
    async fn a_panic_is_a_500_that_says_nothing_of_its_cause_r77() {
        let request = TestRequest::get().app_data(Data::new(Lifecycle::default())).to_srv_request();
        let error = envelope(request, broken).await.unwrap_err();
        let response = error.as_response_error().error_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers().get(CONTENT_TYPE).unwrap(), MEDIA_TYPE);
        let document = body::to_bytes(response.into_body()).await.unwrap();
        let document = String::from_utf8(document.to_vec()).unwrap();
        assert!(document.contains("/problems/internal") && !document.contains("hunter2"), "{document}");
    }
}
