//! The cookie of a session.

use actix_web::http::header::{COOKIE, HeaderMap};
use domain::accounts::TokenSecret;
use domain::sessions::Session;

/// The name of the cookie. Browsers take the second one by https alone. It is not `__Host-`, which would need the path
/// `/`.
pub const fn name(is_https: bool) -> &'static str {
    if is_https { "__Secure-storekeeper_office" } else { "storekeeper_office" }
}

/// The secret in the cookie of a request.
pub fn secret(headers: &HeaderMap, is_https: bool) -> Option<TokenSecret> {
    value(headers, name(is_https)).map(|value| TokenSecret(value.to_owned()))
}

/// The value of a cookie; `None` if it is not sent or empty.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let mut own = all.filter_map(|pair| pair.trim().split_once('=')).filter(|(given, _)| *given == name);
    own.next().map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// The value of `Set-Cookie` for a session that begins. Without a path, a browser takes the folder of the login page,
/// whatever a proxy puts before it.
pub(crate) fn kept(secret: &TokenSecret, is_https: bool) -> String {
    format!("{}={}; Max-Age={}; {}", name(is_https), secret.0, Session::LONGEST.as_secs(), attributes(is_https))
}

/// The value of `Set-Cookie` for a session that has ended.
pub(super) fn gone(is_https: bool) -> String {
    format!("{}=; Max-Age=0; {}", name(is_https), attributes(is_https))
}

const fn attributes(is_https: bool) -> &'static str {
    if is_https { "HttpOnly; SameSite=Lax; Secure" } else { "HttpOnly; SameSite=Lax" }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn read(cookie: &'static str, is_https: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static(cookie));
        secret(&headers, is_https).map(|secret| secret.0)
    }

    #[test]
    fn a_cookie_is_read_under_its_own_name_r236() {
        assert_eq!(read("a=b; storekeeper_office=s3cret; c=d", false).as_deref(), Some("s3cret"));
        assert_eq!(read("storekeeper_office=s3cret", true), None, "by https it has another name");
        assert_eq!(read("__Secure-storekeeper_office=s3cret", true).as_deref(), Some("s3cret"));
        assert_eq!((read("storekeeper_office=", false), read("x_storekeeper_office=1", false)), (None, None));
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_the_cookie_r236() {
        let secret = TokenSecret("s3cret".into());
        assert_eq!(kept(&secret, false), "storekeeper_office=s3cret; Max-Age=604800; HttpOnly; SameSite=Lax");
        assert!(kept(&secret, true).ends_with("; HttpOnly; SameSite=Lax; Secure"));
        assert!(gone(true).starts_with("__Secure-storekeeper_office=; Max-Age=0;"));
    }
}
