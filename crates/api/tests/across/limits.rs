//! How many requests a client may send.

use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, http};

/// A server that takes three requests, and five of an administrator.
async fn server(database: &TestDatabase, more: &[(&str, &str)]) -> Server {
    let few = [
        ("STOREKEEPER__RATE_LIMIT__ENABLED", "true"),
        ("STOREKEEPER__RATE_LIMIT__REQUESTS", "3"),
        ("STOREKEEPER__RATE_LIMIT__ADMIN_REQUESTS", "5"),
        ("STOREKEEPER__RATE_LIMIT__PERIOD", "1h"),
    ];
    Server::start_with(database, &database.url, &[few.as_slice(), more].concat()).await
}

/// The status and the headers of a GET by nobody in particular.
async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap) {
    let mut request = http().get(format!("{}{path}", server.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.headers().clone())
}

async fn status(server: &Server, path: &str, headers: &[(&str, &str)]) -> StatusCode {
    get(server, path, headers).await.0
}

async fn statuses(client: &Client, path: &str, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(client.request(Method::GET, path).send().await.unwrap().status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn each_account_has_its_own_limit_for_each_endpoint_and_administrators_a_higher_one_r70() {
    let database = TestDatabase::sqlite();
    let server = server(&database, &[]).await;
    let (admin, ann, bob) =
        (Client::admin(&server).await, Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    assert_eq!(statuses(&ann, "/cart", 4).await, [200, 200, 200, 429]);
    assert_eq!(statuses(&ann, "/orders", 4).await, [200, 200, 200, 429], "another endpoint");
    assert_eq!(statuses(&bob, "/cart", 1).await, [200], "another account from the same address");
    assert_eq!(statuses(&admin, "/products", 6).await, [200, 200, 200, 200, 200, 429]);
    // One route is one endpoint, whatever its parameters are.
    let id = uuid::Uuid::now_v7();
    assert_eq!(statuses(&ann, &format!("/products/{id}"), 2).await, [404, 404]);
    assert_eq!(statuses(&ann, &format!("/products/{}", uuid::Uuid::now_v7()), 2).await, [404, 429]);
}

#[tokio::test]
async fn a_limited_response_has_the_remaining_requests_and_one_too_many_is_a_429_r70() {
    let database = TestDatabase::sqlite();
    let server = server(&database, &[]).await;
    for (left, seconds) in [(2, 1200), (1, 2400), (0, 3600)] {
        let (status, headers) = get(&server, "/api/v1/me", &[]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(headers["ratelimit-policy"], "\"default\";q=3, \"period\";q=5;w=3600");
        assert_eq!(headers["ratelimit"], format!("\"default\";r={left};t={seconds}").as_str());
    }
    let answer = reqwest::get(format!("{}/api/v1/me", server.address)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(headers["ratelimit"].to_str().unwrap().starts_with("\"default\";r=0;t="));
    let retry_after: u64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1100..=1200).contains(&retry_after), "{retry_after}");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!((&problem["status"], &problem["type"]), (&json!(429), &json!("/problems/rate-limited")));
    assert_eq!(problem["instance"], "/api/v1/me");
}

#[tokio::test]
async fn a_bad_token_counts_against_the_address_and_not_against_an_account_r70() {
    let database = TestDatabase::sqlite();
    let server = server(&database, &[]).await;
    let ann = Client::customer(&server, "ann").await;
    for n in 0..4 {
        let forged = format!("Bearer forged-{n}");
        let expected = if n < 3 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(status(&server, "/api/v1/cart", &[("Authorization", &forged)]).await, expected);
    }
    assert_eq!(statuses(&ann, "/cart", 1).await, [200]);
}

#[tokio::test]
async fn only_a_trusted_proxy_may_name_the_client_that_is_limited_r70() {
    let database = TestDatabase::sqlite();
    let alone = server(&database, &[]).await;
    let behind = server(&database, &[("STOREKEEPER__SERVER__TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let mut answers = (Vec::new(), Vec::new());
    for n in 0..4 {
        let address = format!("192.0.2.{n}");
        let header = [("X-Forwarded-For", address.as_str())];
        answers.0.push(status(&alone, "/api/v1/cart", &header).await.as_u16());
        answers.1.push(status(&behind, "/api/v1/cart", &header).await.as_u16());
    }
    assert_eq!(answers.0, [401, 401, 401, 429], "anybody can write the header");
    assert_eq!(answers.1, [401; 4], "four clients behind a proxy");
    for n in 0..4 {
        let address = format!("2001:db8::{n}");
        let expected = if n < 3 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(status(&behind, "/api/v1/cart", &[("X-Forwarded-For", &address)]).await, expected);
    }
}

#[tokio::test]
async fn unknown_paths_share_one_limit_r70() {
    let database = TestDatabase::sqlite();
    let server = server(&database, &[]).await;
    let mut answers = Vec::new();
    for path in ["/a", "/api/v1/b", "/api/c", "/d"] {
        answers.push(status(&server, path, &[]).await.as_u16());
    }
    assert_eq!(answers, [404, 404, 404, 429]);
    let made_up = Method::from_bytes(b"LOOK").unwrap();
    let answer = http().request(made_up, format!("{}/api/v1/me", server.address)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "a method that somebody made up");
}

#[tokio::test]
async fn health_checks_are_not_limited_and_the_limit_can_be_disabled_r70() {
    let database = TestDatabase::sqlite();
    let limited = server(&database, &[]).await;
    for _ in 0..10 {
        let (status, headers) = get(&limited, "/health/live", &[]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!headers.contains_key("ratelimit"));
    }
    let free = server(&database, &[("STOREKEEPER__RATE_LIMIT__ENABLED", "false")]).await;
    for _ in 0..10 {
        let (status, headers) = get(&free, "/api/v1/me", &[]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(!headers.contains_key("ratelimit") && !headers.contains_key("ratelimit-policy"));
    }
}

#[tokio::test]
async fn in_no_period_are_there_more_requests_than_the_policy_says() {
    let database = TestDatabase::sqlite();
    let settings = [("STOREKEEPER__RATE_LIMIT__REQUESTS", "5"), ("STOREKEEPER__RATE_LIMIT__PERIOD", "2s")];
    let server = server(&database, &settings).await;
    let (_, headers) = get(&server, "/api/v1/cart", &[]).await;
    assert_eq!(headers["ratelimit-policy"], "\"default\";q=5, \"period\";q=9;w=2");
    // When each was asked and when it was answered: what the server decided, it decided in between.
    let mut let_through = Vec::new();
    let mut refused = 0;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        let asked = Instant::now();
        match status(&server, "/api/v1/cart", &[]).await {
            StatusCode::UNAUTHORIZED => let_through.push((asked, Instant::now())),
            _ => refused += 1,
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let in_period = |(from, _): &(Instant, Instant)| {
        let within = |(at, answered): &&(Instant, Instant)| at >= from && *answered - *from < Duration::from_secs(2);
        let_through.iter().filter(within).count()
    };
    let most = let_through.iter().map(in_period).max().unwrap();
    assert!(most <= 9 && refused > 0, "{most} let through in a period, {refused} refused in all");
}
