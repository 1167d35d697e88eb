//! Pages of other origins.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use testkit::{Server, TestDatabase, http};

const ALLOWED: &str = "https://shop.example";
const OPEN: (&str, &str) = ("STOREKEEPER__CORS__ALLOWED_ORIGINS", "https://Shop.example, http://localhost:3000");

async fn ask(server: &Server, method: Method, origin: &str, preflight: bool) -> (StatusCode, HeaderMap) {
    let mut request = http().request(method, format!("{}/api/v1/products", server.address)).header("Origin", origin);
    if preflight {
        request = request
            .header("Access-Control-Request-Method", "PATCH")
            .header("Access-Control-Request-Headers", "authorization,if-match,idempotency-key");
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.headers().clone())
}

/// The names in a list, in lower case.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_lowercase());
    values.collect::<Vec<_>>().join(",").split(',').map(|item| item.trim().to_owned()).collect()
}

fn allows(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name.as_str().starts_with("access-control-"))
}

#[tokio::test]
async fn no_other_origin_is_allowed_by_default_r72() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let (status, headers) = ask(&server, Method::OPTIONS, ALLOWED, true).await;
    assert_eq!((status, allows(&headers)), (StatusCode::NO_CONTENT, false));
    let (status, headers) = ask(&server, Method::GET, ALLOWED, false).await;
    assert_eq!((status, allows(&headers)), (StatusCode::UNAUTHORIZED, false));
}

#[tokio::test]
async fn an_allowed_origin_may_use_every_method_and_header_of_the_api_r72() {
    let database = TestDatabase::sqlite();
    let server = Server::start_with(&database, &database.url, &[OPEN]).await;
    let (status, headers) = ask(&server, Method::OPTIONS, ALLOWED, true).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers["access-control-allow-origin"], ALLOWED);
    let (methods, named) =
        (list(&headers, "access-control-allow-methods"), list(&headers, "access-control-allow-headers"));
    assert!(["get", "post", "patch", "put", "delete"].iter().all(|method| methods.contains(&(*method).to_owned())));
    let ours = ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "x-request-id"];
    assert!(ours.iter().all(|name| named.contains(&(*name).to_owned())), "{named:?}");
    assert!(headers.contains_key("access-control-max-age") && headers.contains_key("x-request-id"));
    assert!(!headers.contains_key("access-control-allow-credentials"));
    assert!(list(&headers, "vary").contains(&"origin".to_owned()));
}

#[tokio::test]
async fn an_allowed_origin_sees_errors_and_headers_too_r72() {
    let database = TestDatabase::sqlite();
    let server = Server::start_with(&database, &database.url, &[OPEN]).await;
    let (status, headers) = ask(&server, Method::GET, "http://localhost:3000", false).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(headers["access-control-allow-origin"], "http://localhost:3000");
    let seen = list(&headers, "access-control-expose-headers");
    let ours = [
        "etag",
        "location",
        "link",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "idempotency-replayed",
        "x-request-id",
    ];
    assert!(ours.iter().all(|name| seen.contains(&(*name).to_owned())), "{seen:?}");
    assert!(list(&headers, "vary").contains(&"origin".to_owned()));
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_gets_no_cors_headers_r72() {
    let database = TestDatabase::sqlite();
    let server = Server::start_with(&database, &database.url, &[OPEN]).await;
    for origin in ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"] {
        for (method, preflight) in [(Method::OPTIONS, true), (Method::GET, false)] {
            let (_, headers) = ask(&server, method, origin, preflight).await;
            assert!(!allows(&headers), "{origin}: {headers:?}");
            assert!(list(&headers, "vary").contains(&"origin".to_owned()), "{origin}: {headers:?}");
        }
    }
    let plain = reqwest::get(format!("{}/api/v1/products", server.address)).await.unwrap();
    assert!(list(plain.headers(), "vary").contains(&"origin".to_owned()), "a cache must not give it to a page");
}

/// A server with these settings of CORS.
async fn serve(database: &TestDatabase, origins: &str, headers: &str) -> Server {
    let settings = [("STOREKEEPER__CORS__ALLOWED_ORIGINS", origins), ("STOREKEEPER__CORS__ALLOWED_HEADERS", headers)];
    Server::start_with(database, &database.url, &settings).await
}

#[tokio::test]
async fn an_origin_is_allowed_however_it_is_written_in_the_configuration() {
    let database = TestDatabase::sqlite();
    let origins = "https://shop.example:443, HTTP://Other.Example:80/, https://bücher.example";
    let server = serve(&database, origins, "").await;
    for sent in ["https://shop.example", "http://other.example", "https://xn--bcher-kva.example"] {
        let (_, headers) = ask(&server, Method::OPTIONS, sent, true).await;
        assert_eq!(headers["access-control-allow-origin"], sent);
    }
}

#[tokio::test]
async fn domains_below_one_and_apps_with_a_scheme_of_their_own_are_allowed_by_configuration() {
    let database = TestDatabase::sqlite();
    let server = serve(&database, "https://*.shop.example,capacitor://localhost", "TraceParent, x-b3-traceid").await;
    for sent in ["https://de.shop.example", "https://a.b.shop.example", "capacitor://localhost"] {
        let (status, headers) = ask(&server, Method::OPTIONS, sent, true).await;
        assert_eq!((status, &headers["access-control-allow-origin"]), (StatusCode::NO_CONTENT, &sent.parse().unwrap()));
        let named = list(&headers, "access-control-allow-headers");
        for name in ["traceparent", "x-b3-traceid", "authorization", "idempotency-key"] {
            assert!(named.contains(&name.to_owned()), "{named:?}");
        }
        assert!(list(&headers, "vary").contains(&"origin".to_owned()));
        let (_, headers) = ask(&server, Method::GET, sent, false).await;
        assert_eq!(headers["access-control-allow-origin"], sent);
    }
    for sent in ["https://shop.example", "https://evilshop.example", "http://de.shop.example", "ionic://localhost"] {
        assert!(!allows(&ask(&server, Method::OPTIONS, sent, true).await.1), "{sent}");
    }
}

#[tokio::test]
async fn a_star_allows_every_origin_and_never_credentials() {
    let database = TestDatabase::sqlite();
    let server = serve(&database, "*", "*").await;
    for sent in ["https://anybody.example", "null", "capacitor://localhost"] {
        for (method, preflight) in [(Method::OPTIONS, true), (Method::GET, false)] {
            let (_, headers) = ask(&server, method, sent, preflight).await;
            assert_eq!(headers["access-control-allow-origin"], "*", "{sent}");
            assert!(!headers.contains_key("access-control-allow-credentials"), "{headers:?}");
            assert!(!list(&headers, "vary").contains(&"origin".to_owned()), "every origin gets this answer");
            if preflight {
                // A star alone does not stand for `Authorization`.
                let named = list(&headers, "access-control-allow-headers");
                assert!(named.contains(&"*".to_owned()) && named.contains(&"authorization".to_owned()), "{named:?}");
            }
        }
    }
}
