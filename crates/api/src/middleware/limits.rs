use std::time::Duration;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;

use crate::lifecycle::Lifecycle;
use crate::problem::{Kind, Problem};

/// The longest path and query, in bytes.
const LONGEST_URI: usize = 8 * 1024;
/// The most bytes of all headers together.
const MOST_HEADERS: usize = 32 * 1024;

/// Refuses what is too large before anybody looks at it, and everything while the database is not prepared.
pub(crate) async fn limits(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some(problem) = refusal(&request) {
        return Ok(request.error_response(problem));
    }
    // A HEAD is a GET whose body stays here; the server leaves it out by itself.
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

fn refusal(request: &ServiceRequest) -> Option<Problem> {
    let uri = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let prepared = Lifecycle::of(request).is_prepared();
    if uri > LONGEST_URI {
        let detail = format!("Path and query have at most {LONGEST_URI} bytes.");
        return Some(Problem::new(Kind::URI_TOO_LONG, detail));
    }
    if headers > MOST_HEADERS {
        let detail = format!("All headers together have at most {MOST_HEADERS} bytes.");
        return Some(Problem::new(Kind::HEADERS_TOO_LARGE, detail));
    }
    if !prepared && request.path().starts_with("/api/") {
        let problem = Problem::new(Kind::UNAVAILABLE, "The database is not available yet. Try again.");
        return Some(problem.retry_after(Duration::from_secs(2)));
    }
    None
}
