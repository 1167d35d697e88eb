use std::time::Duration;

use actix_http::Request;
use actix_web::http::Method;

use crate::context::RequestContext;
use crate::problem::{Kind, Problem};

/// The longest path and query, in bytes.
const LONGEST_URI: usize = 8 * 1024;
/// The most bytes of all headers together.
const MOST_HEADERS: usize = 32 * 1024;

/// Turns a HEAD into a GET. The server leaves out the body of the response.
pub(super) fn head_as_get(request: &mut Request) {
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
}

/// Refuses oversized requests before they are parsed, and all requests while the database is not ready.
pub(super) fn check(context: &RequestContext) -> Result<(), Problem> {
    let uri = context.http.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    let headers: usize = context.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let prepared = context.state.lifecycle.is_prepared();
    if uri > LONGEST_URI {
        let detail = format!("Path and query have at most {LONGEST_URI} bytes.");
        return Err(Problem::new(Kind::URI_TOO_LONG, detail));
    }
    if headers > MOST_HEADERS {
        let detail = format!("All headers together have at most {MOST_HEADERS} bytes.");
        return Err(Problem::new(Kind::HEADERS_TOO_LARGE, detail));
    }
    if !prepared && context.http.path().starts_with("/api/") {
        let problem = Problem::new(Kind::UNAVAILABLE, "The database is not available yet. Try again.");
        return Err(problem.retry_after(Duration::from_secs(2)));
    }
    Ok(())
}
