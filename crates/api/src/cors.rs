//! Which pages of other origins may use the API from a browser (CORS, the Fetch standard).

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue, ORIGIN, VARY,
};

use crate::config::{AllowedOrigin, CorsSettings};

const METHODS: &str = "GET, HEAD, POST, PATCH, PUT, DELETE";
const REQUEST_HEADERS: &str = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id";
const EXPOSED: &str = "Accept-Patch, Allow, ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, \
                       Idempotency-Replayed, X-Request-Id";
/// How many seconds a browser may remember the answer to a preflight request.
const MAX_AGE_SECONDS: &str = "3600";

/// The allowed origins, none by default.
///
/// Nothing is refused here: a browser refuses by itself what no header allows, and nobody else asks.
/// Credentials are not allowed: there are no cookies, and a page sets `Authorization` by itself.
#[derive(Debug, Clone)]
pub struct Cors {
    origins: Vec<AllowedOrigin>,
    /// The names of the request headers that are allowed.
    headers: HeaderValue,
}

/// The CORS headers for the response to one request.
pub(crate) struct Asked {
    /// The value of `Access-Control-Allow-Origin`, if the origin is allowed.
    origin: Option<HeaderValue>,
    /// The value of `Access-Control-Allow-Headers`, if it is a preflight request.
    headers: Option<HeaderValue>,
}

impl Cors {
    /// Allows what is configured.
    pub fn new(settings: &CorsSettings) -> Self {
        let more = settings.allowed_headers.iter().map(String::as_str);
        let headers: Vec<_> = [REQUEST_HEADERS].into_iter().chain(more).collect();
        // Names of headers are ASCII, so the error cannot occur.
        let headers = HeaderValue::try_from(headers.join(", ")).unwrap_or(HeaderValue::from_static(REQUEST_HEADERS));
        Self { origins: settings.allowed_origins.clone(), headers }
    }

    /// Whether any origin is allowed.
    pub(crate) fn is_open(&self) -> bool {
        !self.origins.is_empty()
    }

    /// Reads the CORS headers of a request. `None` if no origin is configured.
    pub(crate) fn asked(&self, headers: &HeaderMap, preflight: bool) -> Option<Asked> {
        self.is_open()
            .then(|| Asked { origin: self.allowed(headers), headers: preflight.then(|| self.headers.clone()) })
    }

    fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if self.origins.contains(&AllowedOrigin::Any) {
            return Some(HeaderValue::from_static(ANY));
        }
        let origin = headers.get(ORIGIN)?;
        let sent = origin.to_str().ok()?;
        self.origins.iter().any(|allowed| allowed.allows(sent)).then(|| origin.clone())
    }
}

/// The response to all origins if any origin is allowed. No browser accepts it for a request with credentials.
const ANY: &str = "*";

impl Asked {
    /// Writes the CORS headers of the response.
    pub(crate) fn answer(self, headers: &mut HeaderMap) {
        if self.origin.as_ref().is_none_or(|origin| origin != ANY) {
            // The response depends on the origin even if this one is not allowed.
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        let Some(origin) = self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        if let Some(allowed) = self.headers {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_SECONDS));
        }
    }
}
