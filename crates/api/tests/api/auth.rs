use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{
    ADMIN_PASSWORD, App, PASSWORD, Reply, Server, TestDatabase, http, registration, spawn, spawn_with, until,
};

async fn log_in(app: &App, username: &str, password: &str) -> Reply {
    let body = json!({ "username": username, "password": password });
    app.post("/api/v1/auth/login").json(&body).send().await
}

#[tokio::test]
async fn a_login_gives_tokens_that_open_the_api_r1_r6() {
    let app = spawn().await;
    let reply = log_in(&app, "ADMIN", ADMIN_PASSWORD).await.expect(200);
    assert_eq!(reply.text("/token_type"), "Bearer");
    assert_eq!(reply.number("/expires_in"), 15 * 60);
    assert!(reply.text("/refresh_token").len() >= 32);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    app.get("/api/v1/me").token(reply.text("/access_token")).send().await.expect(200);
}

#[tokio::test]
async fn a_wrong_user_and_a_wrong_password_get_the_same_answer_r1() {
    let app = spawn().await;
    let tries = [("admin", "wrong password"), ("nobody", ADMIN_PASSWORD), ("no such name at all!", "x"), ("", "")];
    let mut details = Vec::new();
    for (username, password) in tries {
        let reply = log_in(&app, username, password).await.expect(401);
        assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"));
        details.push((reply.kind().to_owned(), reply.text("/detail").to_owned()));
    }
    details.dedup();
    assert_eq!(details.len(), 1, "{details:?}");
}

#[tokio::test]
async fn failed_logins_are_throttled_for_the_account_and_for_nobody_else_r1() {
    let app = spawn_with(&[("auth.login_failures_per_account", "3"), ("auth.login_failure_window", "1s")]).await;
    app.customer("ann").await;
    for _ in 0..3 {
        log_in(&app, "ann", "wrong password").await.expect(401);
    }
    let reply = log_in(&app, "ann", PASSWORD).await.expect(429);
    assert_eq!(reply.kind(), "too-many-attempts");
    assert_eq!(reply.header("retry-after"), Some("1"));
    log_in(&app, "admin", ADMIN_PASSWORD).await.expect(200);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    log_in(&app, "ann", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn failed_logins_are_throttled_for_the_address_that_a_trusted_proxy_names_r1() {
    let settings = [("auth.login_failures_per_address", "2"), ("server.trusted_proxies", "127.0.0.0/8")];
    let app = spawn_with(&settings).await;
    let try_from = |address: &'static str| {
        let body = json!({ "username": format!("nobody-{address}"), "password": "wrong password" });
        app.post("/api/v1/auth/login").header("x-forwarded-for", address).json(&body).send()
    };
    try_from("192.0.2.1").await.expect(401);
    try_from("192.0.2.1").await.expect(401);
    try_from("192.0.2.1").await.expect(429);
    try_from("192.0.2.2").await.expect(401);
}

#[tokio::test]
async fn a_client_behind_a_proxy_cannot_choose_its_address() {
    let settings = [("auth.login_failures_per_address", "2"), ("server.trusted_proxies", "127.0.0.0/8")];
    let app = spawn_with(&settings).await;
    let try_as = |name: &'static str, value: String| {
        let body = json!({ "username": format!("nobody-{}", value.len()), "password": "wrong password" });
        // As the proxy of docs/deploying.md sends it, and one that does not clear the other header.
        app.post("/api/v1/auth/login").header("x-forwarded-for", "192.0.2.1").header(name, &value).json(&body).send()
    };
    try_as("forwarded", "for=198.51.100.1".to_owned()).await.expect(401);
    try_as("forwarded", "for=198.51.100.22".to_owned()).await.expect(401);
    try_as("forwarded", "for=198.51.100.133".to_owned()).await.expect(429);
    try_as("x-real-ip", "198.51.100.4".to_owned()).await.expect(429);
}

#[tokio::test]
async fn a_header_that_is_not_believed_is_told_to_the_log_once() {
    let database = TestDatabase::sqlite();
    for trusted in ["", "127.0.0.1"] {
        let settings =
            [("STOREKEEPER__SERVER__TRUSTED_PROXIES", trusted), ("STOREKEEPER__RATE_LIMIT__ENABLED", "true")];
        let server = Server::start_with(&database, &database.url, &settings).await;
        let said = || server.printed().lines().filter(|line| line.contains("is not believed")).count();
        let get = async |header: &str| {
            let request = http().get(format!("{}/api/v1/me", server.address)).header(header, "for=192.0.2.1");
            assert_eq!(request.send().await.unwrap().status(), 401);
        };
        if !trusted.is_empty() {
            get("x-forwarded-for").await;
        }
        assert_eq!(said(), 0);
        for _ in 0..3 {
            get("forwarded").await;
        }
        until("told", async || said() > 0).await;
        assert_eq!(said(), 1);
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let app = spawn().await;
    let bearer = format!("Bearer {}", app.admin);
    for other in ["Bearer x", &bearer] {
        let twice = app.get("/api/v1/me").header("authorization", &bearer).header("authorization", other);
        assert_eq!(twice.send().await.expect(400).kind(), "bad-header");
    }
    app.get("/api/v1/me").header("authorization", &bearer).send().await.expect(200);
}

#[tokio::test]
async fn a_forged_or_foreign_token_is_refused_r2() {
    let app = spawn().await;
    let elsewhere = spawn().await;
    let [header, claims, signature] = app.admin.split('.').collect::<Vec<_>>()[..] else { panic!("no JWT") };
    let bad = [
        // {"alg":"none","typ":"JWT"}
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}."),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", signature.chars().rev().collect::<String>()),
        format!("{header}.{}.{signature}", elsewhere.admin.split('.').nth(1).unwrap()),
        elsewhere.admin.clone(),
        "x".to_owned(),
        String::new(),
    ];
    for token in bad {
        let reply = app.get("/api/v1/me").token(&token).send().await.expect(401);
        assert_eq!(reply.header("www-authenticate"), Some(r#"Bearer realm="storekeeper", error="invalid_token""#));
    }
    app.get("/api/v1/me").header("authorization", &format!("Basic {}", app.admin)).send().await.expect(401);
    app.get("/api/v1/me").header("authorization", &format!("bearer {}", app.admin)).send().await.expect(200);
}

#[tokio::test]
async fn an_access_token_expires_r2() {
    let app = spawn_with(&[("auth.access_token_ttl", "10s")]).await;
    let reply = log_in(&app, "admin", ADMIN_PASSWORD).await.expect(200);
    assert_eq!(reply.number("/expires_in"), 10);
}

#[tokio::test]
async fn a_registration_makes_an_account_with_a_customer_that_can_log_in_r4_r5() {
    let app = spawn().await;
    let mut body = registration("Ann.Example");
    body["name"] = json!("  Ann Example ");
    let made = app.post("/api/v1/auth/register").json(&body).send().await.expect(201);
    assert_eq!(made.header("location"), Some("/api/v1/me"));
    assert_eq!(made.text("/username"), "ann.example");
    assert_eq!((made.text("/role"), made.at("/active")), ("customer", &json!(true)));
    assert_eq!(made.text("/customer/name"), "Ann Example");
    assert_eq!(made.text("/customer/email"), "Ann.Example@example.com");
    assert_eq!(made.at("/customer/id"), made.at("/customer_id"));

    let token = app.login("ann.example", PASSWORD).await;
    let me = app.get("/api/v1/me").token(&token).send().await.expect(200);
    assert_eq!(me.body, made.body);
    assert_eq!(me.header("etag"), made.header("etag"));
}

#[tokio::test]
async fn a_taken_name_or_address_is_a_conflict_that_names_the_field_and_changes_nothing_r4_r14_r24() {
    let app = spawn().await;
    app.customer("ann").await;
    let mut same_address = registration("bob");
    same_address["email"] = json!("ANN@example.COM");
    let reply = app.post("/api/v1/auth/register").json(&same_address).send().await.expect(409);
    assert_eq!((reply.kind(), reply.faults()), ("duplicate", vec![("email", "duplicate")]));

    let mut same_name = registration("ANN");
    same_name["email"] = json!("other@example.com");
    let reply = app.post("/api/v1/auth/register").json(&same_name).send().await.expect(409);
    assert_eq!(reply.faults(), [("username", "duplicate")]);
    // The customer went with the account: its address is free.
    let mut again = registration("carl");
    again["email"] = json!("other@example.com");
    app.post("/api/v1/auth/register").json(&again).send().await.expect(201);
}

#[tokio::test]
async fn every_bad_field_of_a_registration_is_named_at_once_r14_r24() {
    let app = spawn().await;
    let body =
        json!({ "name": " ", "email": "ann", "phone": "0123", "username": "a", "password": "short", "role": "admin" });
    let reply = app.post("/api/v1/auth/register").json(&body).send().await.expect(422);
    let expected = [
        ("email", "format"),
        ("name", "blank"),
        ("password", "too_short"),
        ("phone", "format"),
        ("role", "unknown_field"),
        ("username", "format"),
    ];
    assert_eq!(reply.faults(), expected);
}

#[tokio::test]
async fn a_password_has_12_to_72_bytes_and_none_is_cut_r24() {
    let app = spawn().await;
    for (length, code) in [(11, "too_short"), (73, "too_long")] {
        let mut body = registration("ann");
        body["password"] = json!("p".repeat(length));
        let reply = app.post("/api/v1/auth/register").json(&body).send().await.expect(422);
        assert_eq!(reply.faults(), [("password", code)]);
    }
    let mut body = registration("ann");
    let password = format!("{}é", "p".repeat(70));
    body["password"] = json!(password);
    app.post("/api/v1/auth/register").json(&body).send().await.expect(201);
    log_in(&app, "ann", &password).await.expect(200);
    log_in(&app, "ann", &password[..70]).await.expect(401);
    log_in(&app, "ann", &format!("{password}x")).await.expect(401);
}

#[tokio::test]
async fn registration_can_be_disabled_r4() {
    let app = spawn_with(&[("auth.self_registration", "false")]).await;
    let reply = app.post("/api/v1/auth/register").json(&registration("ann")).send().await.expect(403);
    assert_eq!(reply.kind(), "registration-closed");
}

#[tokio::test]
async fn no_answer_carries_a_password_or_its_hash_r21() {
    let app = spawn().await;
    let body = registration("ann");
    let replies = [
        app.post("/api/v1/auth/register").key("k").json(&body).send().await.expect(201),
        app.post("/api/v1/auth/register").key("k").json(&body).send().await.expect(201),
        app.post("/api/v1/auth/register").json(&body).send().await.expect(409),
        log_in(&app, "ann", PASSWORD).await.expect(200),
        log_in(&app, "ann", "another staple here").await.expect(401),
        app.get("/api/v1/me").token(&app.admin).send().await.expect(200),
    ];
    for reply in replies {
        let text = String::from_utf8(reply.bytes).unwrap();
        for secret in [PASSWORD, "another staple here", ADMIN_PASSWORD, "$2", "password_hash"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn a_login_ignores_the_idempotency_key_because_tokens_are_not_stored_r1() {
    let app = spawn().await;
    let body = json!({ "username": "admin", "password": ADMIN_PASSWORD });
    let first = app.post("/api/v1/auth/login").key("k").json(&body).send().await.expect(200);
    let second = app.post("/api/v1/auth/login").key("k").json(&body).send().await.expect(200);
    assert_ne!(first.at("/refresh_token"), second.at("/refresh_token"));
    assert_eq!(second.header("idempotency-replayed"), None);
}

#[tokio::test]
async fn an_unknown_user_takes_as_long_as_a_wrong_password_r1() {
    let app = spawn_with(&[("auth.bcrypt_cost", "8")]).await;
    let time = async |username: &str| {
        let start = Instant::now();
        for _ in 0..3 {
            log_in(&app, username, "wrong password").await.expect(401);
        }
        start.elapsed()
    };
    let (known, unknown) = (time("admin").await, time("nobody").await);
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} and {unknown:?}");
}
