//! Refuses requests that another site makes a browser send (R237). The browser says where a request comes from; there is
//! no token to forget in a form. This is `CrossOriginProtection` of Go 1.25, a little stricter.

use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a method changes nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a request that changes something comes from a page of this server, or was typed by its user.
pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all(SEC_FETCH_SITE);
    if let Some(site) = sites.next() {
        return sites.next().is_none() && matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let mut origins = headers.get_all(ORIGIN);
    let (Some(origin), None) = (origins.next(), origins.next()) else { return false };
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    authority.is_some() && authority == host
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn own(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_own(&map)
    }

    #[test]
    fn a_request_of_an_own_page_is_let_through_r237() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]), "typed, or a bookmark");
        assert!(own(&[("origin", "https://shop.example"), ("host", "shop.example")]), "an old browser");
        assert!(own(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
    }

    #[test]
    fn twelve_kinds_of_cross_site_requests_are_refused_r237() {
        for refused in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "")],
            &[("sec-fetch-site", "Same-Origin")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example"), ("host", "shop.example")],
            &[("origin", "https://evil.example"), ("host", "shop.example")],
            &[("origin", "https://shop.example:444"), ("host", "shop.example")],
            &[("origin", "null"), ("host", "shop.example")],
            &[("origin", "https://shop.example.evil.example"), ("host", "shop.example")],
            &[("origin", "https://shop.example"), ("origin", "https://evil.example"), ("host", "shop.example")],
            &[("host", "shop.example")],
            &[],
        ] {
            assert!(!own(refused), "{refused:?}");
        }
    }

    #[test]
    fn only_methods_that_change_nothing_are_safe_r237() {
        assert!(is_safe(&Method::GET) && is_safe(&Method::HEAD));
        for unsafe_method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!is_safe(&unsafe_method));
        }
    }
}
