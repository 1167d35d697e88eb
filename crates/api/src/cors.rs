//! Which pages of other origins may use the API from a browser (CORS, the Fetch standard).

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue, ORIGIN, VARY,
};

const METHODS: &str = "GET, HEAD, POST, PATCH, PUT, DELETE";
const REQUEST_HEADERS: &str = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id";
const EXPOSED: &str =
    "ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, X-Request-Id";
/// How many seconds a browser may remember the answer to a preflight request.
const MAX_AGE_SECONDS: &str = "3600";

/// The allowed origins, none by default.
///
/// The server only says what is allowed. The browser enforces it, and other clients do not ask. Credentials are never
/// allowed: the API uses no cookies, and a page sets `Authorization` itself.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<String>,
}

/// The CORS headers for the response to one request.
pub(crate) struct Asked {
    /// The origin of the request, if it is allowed.
    origin: Option<HeaderValue>,
    preflight: bool,
}

impl Cors {
    /// Allows these origins.
    pub fn new(origins: Vec<String>) -> Self {
        Self { origins }
    }

    /// Whether any origin is allowed.
    pub(crate) fn is_open(&self) -> bool {
        !self.origins.is_empty()
    }

    /// Reads the CORS headers of a request. `None` if no origin is configured.
    pub(crate) fn asked(&self, headers: &HeaderMap, preflight: bool) -> Option<Asked> {
        let allowed = |origin: &&HeaderValue| self.origins.iter().any(|known| *origin == known.as_str());
        self.is_open().then(|| Asked { origin: headers.get(ORIGIN).filter(allowed).cloned(), preflight })
    }
}

impl Asked {
    /// Writes the CORS headers of the response.
    pub(crate) fn answer(self, headers: &mut HeaderMap) {
        // The response depends on the origin even if this one is not allowed.
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        if self.preflight {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_SECONDS));
        }
    }
}
