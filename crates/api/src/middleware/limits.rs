use std::time::Duration;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;

use crate::problem::{Kind, Problem};
use crate::state::State;

/// The longest path and query, in bytes.
const LONGEST_URI: usize = 8 * 1024;
/// The most bytes of all headers together.
const MOST_HEADERS: usize = 32 * 1024;

/// Refuses what is too large before anybody looks at it, and everything while the database is not prepared.
pub(crate) async fn limits(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > LONGEST_URI) {
        return Err(
            Problem::new(Kind::URI_TOO_LONG, format!("Path and query have at most {LONGEST_URI} bytes.")).into()
        );
    }
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > MOST_HEADERS {
        let detail = format!("All headers together have at most {MOST_HEADERS} bytes.");
        return Err(Problem::new(Kind::HEADERS_TOO_LARGE, detail).into());
    }
    if !State::of(request.request()).lifecycle.is_prepared() && request.path().starts_with("/api/") {
        let detail = "The database is not available yet. Try again.";
        return Err(Problem::new(Kind::UNAVAILABLE, detail).retry_after(Duration::from_secs(2)).into());
    }
    // A HEAD is a GET whose body stays here; the server leaves it out by itself.
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}
