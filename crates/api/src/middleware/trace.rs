use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use domain::Uuid;
use tracing::Span;
use uuid::{NoContext, Timestamp};

use crate::context::{Known, RequestContext};
use crate::extract::ClientAddress;

/// The most bytes of a path or a user agent in the log.
const MAX_TEXT: usize = 256;

/// The header that names a request.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The span of a request, for events at the level `debug`. Those of higher levels name the request themselves, so that
/// usually no span has to be kept.
pub(super) fn span(id: &HeaderValue, method: &str, route: Option<&str>) -> Span {
    tracing::debug_span!("request", request_id = id.to_str().unwrap_or_default(), method, route)
}

/// The one line of a request. It shows no query, which may hold a secret.
pub(super) fn log(context: &RequestContext, method: &str, status: StatusCode, time: Duration) {
    let mut text = Uuid::encode_buffer();
    let of_key = context.known().filter(|known| known.account().is_none()).map(|known| known.who().to_string());
    let account = context.known().and_then(Known::account);
    let account = account.map(|access| &*access.account_id.0.hyphenated().encode_lower(&mut text));
    let account_id = of_key.as_deref().or(account);
    let client = context.text_of(ClientAddress::of(context).0);
    let agent = context.headers().get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    macro_rules! log {
        ($level:ident) => {
            tracing::$level!(
                request_id = context.id(),
                method,
                route = context.route,
                path = cut(context.http.path()),
                client = &*client,
                account_id,
                user_agent = agent.as_deref().map(cut),
                status = status.as_u16(),
                milliseconds = milliseconds(time),
                // As text: a message with a format takes several times as long.
                message = "answered"
            )
        };
    }
    if is_failed_login(context.route, status) { log!(warn) } else { log!(info) }
}

/// Wrong credentials, or too many of them.
fn is_failed_login(route: Option<&str>, status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
        && matches!(route, Some("/api/v1/auth/login" | "/office/login"))
}

/// The beginning of a text that a client sends, at most [`MAX_TEXT`] bytes.
fn cut(text: &str) -> &str {
    if text.len() <= MAX_TEXT {
        return text;
    }
    let end = (0..=MAX_TEXT).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// A duration in milliseconds, to the microsecond.
fn milliseconds(time: Duration) -> f64 {
    f64::from(u32::try_from(time.as_micros()).unwrap_or(u32::MAX)) / 1000.0
}

/// The request id: that of the client if it has an allowed form, otherwise a new one.
pub(super) fn request_id(headers: &HeaderMap) -> HeaderValue {
    let sane = |id: &&HeaderValue| {
        (1..=128).contains(&id.len())
            && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    headers.get(&HEADER).filter(sane).cloned().unwrap_or_else(new_id)
}

/// Names need no order within a millisecond, for which workers would wait for one another.
pub(crate) fn new_id() -> HeaderValue {
    let id = Uuid::new_v7(Timestamp::now(NoContext));
    let mut text = Uuid::encode_buffer();
    // It is ASCII, so the error cannot be.
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_of_a_client_is_cut_between_two_characters() {
        assert_eq!(cut("/short"), "/short");
        assert_eq!(cut(&"a".repeat(300)).len(), 256);
        assert_eq!(cut(&format!("a{}", "é".repeat(200))).len(), 255);
    }

    #[test]
    fn only_a_refused_login_is_a_failed_login() {
        let login = Some("/api/v1/auth/login");
        assert!(is_failed_login(login, StatusCode::UNAUTHORIZED));
        assert!(is_failed_login(login, StatusCode::TOO_MANY_REQUESTS));
        assert!(is_failed_login(Some("/office/login"), StatusCode::UNAUTHORIZED));
        assert!(!is_failed_login(login, StatusCode::OK) && !is_failed_login(login, StatusCode::BAD_REQUEST));
        assert!(
            !is_failed_login(Some("/api/v1/me"), StatusCode::UNAUTHORIZED)
                && !is_failed_login(None, StatusCode::UNAUTHORIZED)
        );
    }
}
