use std::time::Duration;

use serde_json::{Value, json};
use testkit::shop::with;
use testkit::{App, Call, PASSWORD, Reply, nudge, spawn, until};

async fn create(app: &App, name: &str, scopes: &[&str]) -> Reply {
    let body = json!({ "name": name, "scopes": scopes });
    app.post("/api/v1/keys").token(&app.admin).json(&body).send().await.expect(201)
}

fn secret(reply: &Reply) -> String {
    reply.text("/secret").to_owned()
}

async fn rotate(app: &App, id: &str, body: &Value) -> Reply {
    app.post(&format!("/api/v1/keys/{id}/rotate")).token(&app.admin).json(body).send().await
}

/// The status of a request with this secret that needs `stock:read`.
async fn opens(app: &App, secret: &str) -> u16 {
    app.get("/api/v1/stock").token(secret).send().await.status
}

#[tokio::test]
async fn a_key_shows_its_secret_once_and_opens_what_its_scopes_say_r258_r259() {
    let app = spawn().await;
    let admin = app.get("/api/v1/me").token(&app.admin).send().await.expect(200).text("/id").to_owned();
    let made = create(&app, " ERP ", &["stock:write", "orders:read"]).await;
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let (id, shown) = (made.text("/id"), secret(&made));
    let shape = format!("stk_{}_", made.text("/prefix"));
    assert!(shown.len() == 51 && shown.starts_with(&shape), "{shown}");
    assert_eq!((made.text("/name"), made.text("/made_by")), ("ERP", admin.as_str()));
    assert_eq!(made.at("/scopes"), &json!(["stock:write", "orders:read"]));
    assert!(made.at("/expires_at").is_string() && made.at("/last_used_at").is_null());
    let read = app.get(&format!("/api/v1/keys/{id}")).token(&app.admin).send().await.expect(200);
    assert_eq!(read.body, with(&made.body, &json!({ "secret": null })));
    let listed = app.get("/api/v1/keys").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items(), std::slice::from_ref(&read.body));

    assert_eq!(opens(&app, &shown).await, 200);
    let refused = app.get("/api/v1/customers").token(&shown).send().await.expect(403);
    assert_eq!(refused.text("/scope"), "customers:read");
    for (method, path) in [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/cart"),
        ("POST", "/api/v1/orders"),
        ("POST", "/api/v1/checkout/quote"),
        ("POST", "/api/v1/auth/logout"),
    ] {
        let call = app.call(method, path).token(&shown);
        let call = if method == "GET" { call } else { call.json(&json!({})) };
        call.send().await.expect(403);
    }
    let nobody = json!({ "username": made.text("/prefix"), "password": shown });
    app.post("/api/v1/auth/login").json(&nobody).send().await.expect(401);
}

#[tokio::test]
async fn a_repeated_request_gets_no_secret_and_makes_no_other_key_r258() {
    let app = spawn().await;
    let body = json!({ "name": "ERP", "scopes": ["stock:read"] });
    let post = || app.post("/api/v1/keys").token(&app.admin).key("erp").json(&body).send();
    let (made, again) = (post().await.expect(201), post().await.expect(201));
    assert!(again.is_replayed() && again.header("cache-control") == Some("no-store"));
    assert_eq!(again.body, with(&made.body, &json!({ "secret": null })));
    let path = format!("/api/v1/keys/{}/rotate", made.text("/id"));
    let rotate = || app.post(&path).token(&app.admin).key("rotate").json(&json!({})).send();
    let (rotated, again) = (rotate().await.expect(200), rotate().await.expect(200));
    assert!(again.is_replayed() && rotated.at("/secret").is_string());
    assert_eq!(again.body, with(&rotated.body, &json!({ "secret": null })));
    assert_eq!(app.get("/api/v1/keys").token(&app.admin).send().await.items().len(), 1);
}

#[tokio::test]
async fn a_wrong_key_is_a_401_whatever_is_wrong_r259() {
    let app = spawn().await;
    let made = create(&app, "ERP", &["stock:read"]).await;
    let right = secret(&made);
    let other = secret(&create(&app, "other", &["stock:read"]).await);
    // The checksum of another key does not fit, and neither does its secret.
    let mixed = format!("{}{}", &right[..13], &other[13..]);
    let changed = format!("{}{}", &right[..50], if right.ends_with('0') { "1" } else { "0" });
    for wrong in [&mixed, &changed, &right[..50], "stk_", &right.to_uppercase(), &format!("{right}x")] {
        let reply = app.get("/api/v1/stock").token(wrong).send().await.expect(401);
        assert!(reply.header("www-authenticate").unwrap().contains("invalid_token"), "{wrong}");
        assert!(!reply.body.to_string().contains(&right[13..]), "{}", reply.body);
    }
    assert_eq!(opens(&app, &right).await, 200);
}

#[tokio::test]
async fn a_key_ends_with_its_time_and_at_once_when_it_is_deleted_r258() {
    let app = spawn().await;
    let post = |expires_at: Value| {
        let body = json!({ "name": "short", "scopes": ["stock:read"], "expires_at": expires_at });
        app.post("/api/v1/keys").token(&app.admin).json(&body).send()
    };
    for past in ["2020-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
        assert_eq!(post(json!(past)).await.expect(422).faults(), [("expires_at", "too_small")]);
    }
    assert_eq!(post(json!("tomorrow")).await.expect(422).faults(), [("expires_at", "format")]);
    let for_ever = post(Value::Null).await.expect(201);
    assert!(for_ever.at("/expires_at").is_null());
    assert_eq!(opens(&app, &secret(&for_ever)).await, 200);
    let place = format!("/api/v1/keys/{}", for_ever.text("/id"));
    app.delete(&place).token(&app.admin).header("if-match", "\"2\"").send().await.expect(412);
    app.delete(&place).token(&app.admin).send().await.expect(204);
    assert_eq!(opens(&app, &secret(&for_ever)).await, 401);
    app.get(&place).token(&app.admin).send().await.expect(404);
    app.delete(&place).token(&app.admin).send().await.expect(404);
    assert_eq!(rotate(&app, for_ever.text("/id"), &json!({})).await.status, 404);

    let short = create(&app, "short", &["stock:read"]).await;
    nudge(app.database(), "UPDATE api_keys SET expires_at = 1 WHERE revoked_at IS NULL").await;
    // Changes keys, so that what is known of them is read again.
    create(&app, "another", &["stock:read"]).await;
    assert_eq!(opens(&app, &secret(&short)).await, 401);
}

#[tokio::test]
async fn both_secrets_open_during_the_overlap_and_the_oldest_ends_at_once_r258() {
    let app = spawn().await;
    let first = create(&app, "ERP", &["stock:read"]).await;
    let id = first.text("/id");
    let second = rotate(&app, id, &json!({ "overlap": "1h" })).await.expect(200);
    assert_eq!((second.text("/prefix"), second.number("/version")), (first.text("/prefix"), 2));
    assert_eq!([opens(&app, &secret(&first)).await, opens(&app, &secret(&second)).await], [200, 200]);
    let third = rotate(&app, id, &json!({})).await.expect(200);
    let now = [&first, &second, &third].map(secret);
    assert_eq!([opens(&app, &now[0]).await, opens(&app, &now[1]).await, opens(&app, &now[2]).await], [401, 200, 200]);
    let fourth = rotate(&app, id, &json!({ "overlap": "0h" })).await.expect(200);
    assert_eq!([opens(&app, &now[2]).await, opens(&app, &secret(&fourth)).await], [401, 200]);
    for bad in ["1d", "721h", "h"] {
        assert_eq!(rotate(&app, id, &json!({ "overlap": bad })).await.expect(422).faults(), [("overlap", "format")]);
    }
}

#[tokio::test]
async fn a_key_is_a_caller_of_its_own_in_audit_and_idempotency_r260_r262() {
    let app = spawn().await;
    let made = create(&app, "ERP", &["products:write", "audit:read"]).await;
    let (id, token) = (made.text("/id"), secret(&made));
    let body = testkit::product("Mug", 1999, 1);
    let post = |token: String| app.post("/api/v1/products").token(&token).key("mug").json(&body).send();
    let product = post(token.clone()).await.expect(201);
    assert!(post(token.clone()).await.expect(201).is_replayed());
    // The same key of an administrator is another one.
    assert!(!post(app.admin.clone()).await.expect(201).is_replayed());
    let log = app.get(&format!("/api/v1/audit?actor=key:{id}")).token(&token).send().await.expect(200);
    let [entry] = log.items() else { panic!("{}", log.body) };
    assert_eq!((&entry["actor"], &entry["resource_id"]), (&json!(format!("key:{id}")), &product.body["id"]));
    app.get("/api/v1/audit?actor=key:x").token(&token).send().await.expect(400);
    // It sees products as staff do.
    let path = format!("/api/v1/products/{}", product.text("/id"));
    let archive = json!({ "status": "archived" });
    app.patch(&path).token(&token).json(&archive).send().await.expect(200);
    app.get(&path).token(&token).send().await.expect(200);
    app.get(&path).token(&app.customer("ann").await.token).send().await.expect(404);
}

#[tokio::test]
async fn a_key_makes_keys_only_within_its_own_scopes_r261() {
    let app = spawn().await;
    let maker = secret(&create(&app, "maker", &["keys:write", "orders:read"]).await);
    let post = |scopes: Value| {
        let body = json!({ "name": "made", "scopes": scopes });
        app.post("/api/v1/keys").token(&maker).json(&body).send()
    };
    let made = post(json!(["orders:read", "keys:read"])).await.expect(201);
    assert!(made.text("/made_by").starts_with("key:"));
    assert_eq!(post(json!(["orders:write"])).await.expect(403).text("/scope"), "orders:write");
    let all = create(&app, "all", &["payments:write"]).await;
    let path = format!("/api/v1/keys/{}/rotate", all.text("/id"));
    app.post(&path).token(&maker).json(&json!({})).send().await.expect(403);
    for (scopes, refused) in [
        (json!([]), ("scopes", "too_short")),
        (json!(["*"]), ("scopes[0]", "not_allowed")),
        (json!("orders:read"), ("scopes", "wrong_type")),
    ] {
        assert_eq!(post(scopes).await.expect(422).faults(), [refused]);
    }
}

#[tokio::test]
async fn a_key_outlives_who_made_it_r260() {
    let app = spawn().await;
    let role = json!({ "name": "maker", "scopes": ["keys:write", "stock:read"] });
    app.post("/api/v1/roles").token(&app.admin).json(&role).send().await.expect(201);
    let account = json!({ "username": "mia", "password": PASSWORD, "role": "maker" });
    let mia = app.post("/api/v1/accounts").token(&app.admin).json(&account).send().await.expect(201);
    let token = app.login("mia", PASSWORD).await;
    let body = json!({ "name": "ERP", "scopes": ["stock:read"] });
    let made = app.post("/api/v1/keys").token(&token).json(&body).send().await.expect(201);
    app.delete(&format!("/api/v1/accounts/{}", mia.text("/id"))).token(&app.admin).send().await.expect(204);
    assert_eq!(opens(&app, &secret(&made)).await, 200);
}

#[tokio::test]
async fn a_key_in_the_address_is_refused_r259() {
    let app = spawn().await;
    let token = secret(&create(&app, "ERP", &["stock:read"]).await);
    for path in ["/api/v1/stock?key=", "/api/v1/products?q=mug&access_token=", "/api/v1/me?a=stk_b&c="] {
        let refused = app.get(&format!("{path}{token}")).token(&app.admin).send().await.expect(400);
        assert!(!refused.body.to_string().contains(&token), "{}", refused.body);
    }
    // What only looks like one is a word like any other.
    let almost = format!("/api/v1/products?q={}", &token[..50]);
    app.get(&almost).token(&app.admin).send().await.expect(200);
}

#[tokio::test]
async fn the_last_use_of_a_key_is_recorded_beside_the_request_r258() {
    let app = spawn().await;
    let made = create(&app, "ERP", &["stock:read"]).await;
    let path = format!("/api/v1/keys/{}", made.text("/id"));
    let used = async || app.get(&path).token(&app.admin).send().await.expect(200).at("/last_used_at").clone();
    assert!(used().await.is_null());
    assert_eq!(opens(&app, &secret(&made)).await, 200);
    until("the use is recorded", async || used().await.is_string()).await;
    let first = used().await;
    for _ in 0..5 {
        assert_eq!(opens(&app, &secret(&made)).await, 200);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(used().await, first, "at most once a minute");
}

#[tokio::test]
async fn each_key_has_a_rate_limit_of_its_own_r260() {
    let settings = [
        ("rate_limit.enabled", "true"),
        ("rate_limit.requests", "2"),
        ("rate_limit.admin_requests", "5"),
        ("rate_limit.period", "1h"),
    ];
    let app = testkit::spawn_with(&settings).await;
    let (one, other) = (create(&app, "one", &["stock:read"]).await, create(&app, "other", &["stock:read"]).await);
    for _ in 0..5 {
        assert_eq!(opens(&app, &secret(&one)).await, 200);
    }
    assert_eq!(opens(&app, &secret(&one)).await, 429);
    assert_eq!(opens(&app, &secret(&other)).await, 200);
}

#[tokio::test]
async fn no_secret_is_kept_or_logged_r259() {
    let app = spawn().await;
    let made = create(&app, "ERP", &["stock:read"]).await;
    let token = secret(&made);
    assert_eq!(opens(&app, &token).await, 200);
    app.get("/api/v1/stock").token(&format!("{token}x")).send().await.expect(401);
    app.get(&format!("/api/v1/stock?key={token}")).send().await.expect(400);
    let dump = testkit::dump(app.database()).await;
    assert!(dump.contains(made.text("/prefix")) && !dump.contains(&token[13..45]));
    let log = app.printed();
    assert!(log.contains(&format!("key:{}", made.text("/id"))), "the log names the key");
    assert!(!log.contains(&token[13..45]));
}

#[tokio::test]
async fn the_101st_live_key_is_refused_r258() {
    let app = spawn().await;
    for number in 1..=100 {
        create(&app, &format!("key {number}"), &["stock:read"]).await;
    }
    let body = json!({ "name": "one more", "scopes": ["stock:read"] });
    let refused = app.post("/api/v1/keys").token(&app.admin).json(&body).send().await.expect(409);
    assert_eq!(refused.kind(), "too-many");
    // Those that ended do not count.
    let listed = app.get("/api/v1/keys?limit=1").token(&app.admin).send().await.expect(200);
    app.delete(&format!("/api/v1/keys/{}", listed.text("/items/0/id"))).token(&app.admin).send().await.expect(204);
    create(&app, "one more", &["stock:read"]).await;
}

#[tokio::test]
async fn a_key_is_renamed_and_keeps_its_scopes_r258() {
    let app = spawn().await;
    let made = create(&app, "ERP", &["stock:read"]).await;
    let path = format!("/api/v1/keys/{}", made.text("/id"));
    let change = |body: Value| app.patch(&path).token(&app.admin).json(&body).send();
    let renamed = change(json!({ "name": "ERP 2" })).await.expect(200);
    assert_eq!((renamed.text("/name"), renamed.number("/version")), ("ERP 2", 2));
    assert_eq!(change(json!({ "name": "ERP 2" })).await.expect(200).number("/version"), 2);
    for bad in [json!({ "name": "" }), json!({ "name": null }), json!({ "scopes": ["stock:write"] })] {
        change(bad).await.expect(422);
    }
    let stale = |call: Call| call.token(&app.admin).header("if-match", "\"1\"").json(&json!({ "name": "x" })).send();
    stale(app.patch(&path)).await.expect(412);
}
