use std::any::Any;
use std::panic::AssertUnwindSafe;

use actix_http::Request;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::http::{ConnectionType, Method, StatusCode};
use futures_util::FutureExt;

use super::trace::HEADER;
use crate::context::RequestContext;
use crate::problem::{Kind, MEDIA_TYPE, Problem};

type Outcome = Result<HttpResponse, Problem>;

/// Turns a panic into a 500 and logs its message with the request. The panic hook has logged its location.
pub(super) async fn catch_panic(work: impl Future<Output = Outcome>) -> Outcome {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(&*panic)))
}

fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    Problem::new(Kind::INTERNAL, Kind::INTERNAL.title).because(format!("panicked: {}", text.unwrap_or_default()))
}

/// Writes a problem as its document, and adds the headers of every response.
pub(super) fn finish(outcome: Outcome, context: &RequestContext) -> HttpResponse {
    let mut response = outcome.unwrap_or_else(|problem| write(&problem, context));
    let headers = response.headers_mut();
    headers.insert(HEADER, context.id.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(status) = &context.rate_limit {
        status.show(headers);
    }
    let unread = matches!(response.status(), StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT);
    if unread || context.state.lifecycle.is_draining() {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    response
}

fn write(problem: &Problem, context: &RequestContext) -> HttpResponse {
    let status = problem.status();
    if status.is_server_error() {
        log(problem, context);
        if problem.is_storage_full() {
            context.state.lifecycle.set_full();
        }
    }
    if context.is_of_office() {
        let again = again(&context.http, status);
        let mut response = office::refusal(context.http.path(), again.as_deref(), &problem.for_people(), context.id());
        for (name, value) in problem.headers() {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        return response;
    }
    let mut response = HttpResponse::build(status);
    for header in problem.headers() {
        response.insert_header(header.clone());
    }
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)));
    response.body(problem.document(context.http.path(), context.id()))
}

/// The address of a page that was asked for while the server could not answer, relative to its folder.
fn again(http: &Request, status: StatusCode) -> Option<String> {
    let is_for_now = http.method() == Method::GET && status == StatusCode::SERVICE_UNAVAILABLE;
    let last = http.uri().path().rsplit('/').next().unwrap_or_default();
    let query = http.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    is_for_now.then(|| format!("./{last}{query}"))
}

/// The one place that logs why a request failed.
fn log(problem: &Problem, context: &RequestContext) {
    let mut causes = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = problem.cause().map(|cause| cause as _);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    tracing::error!(
        request_id = context.id(),
        route = context.route,
        path = context.http.path(),
        status = problem.status().as_u16(),
        cause = causes.join(": "),
        "request failed: {problem}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_that_was_asked_for_is_tried_again_r235() {
        let away = StatusCode::SERVICE_UNAVAILABLE;
        let request = |method: Method| {
            let mut request = Request::new();
            request.head_mut().method = method;
            request.head_mut().uri = "/office/orders/1?status=placed".parse().unwrap();
            request
        };
        assert_eq!(again(&request(Method::GET), away).as_deref(), Some("./1?status=placed"));
        assert_eq!(again(&request(Method::POST), away), None);
        assert_eq!(again(&request(Method::GET), StatusCode::NOT_FOUND), None);
    }

    #[actix_web::test]
    async fn a_panic_is_a_500_that_says_nothing_of_its_cause_r77() {
        let broken = async {
            let secrets = std::env::vars().filter(|(name, _)| name == "no such variable").count();
            assert_eq!(secrets, 1, "the password is hunter2");
            Ok(HttpResponse::Ok().finish())
        };
        let problem = catch_panic(broken).await.unwrap_err();
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let document = String::from_utf8(problem.document("/", "")).unwrap();
        assert!(document.contains("/problems/internal") && !document.contains("hunter2"), "{document}");
        assert!(problem.cause().is_some_and(|cause| cause.to_string().contains("hunter2")));
    }
}
