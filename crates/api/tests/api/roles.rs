use serde_json::{Value, json};
use testkit::shop::with;
use testkit::{App, NOTHING, PASSWORD, Reply, spawn};

async fn create(app: &App, token: &str, name: &str, scopes: &[&str]) -> Reply {
    let body = json!({ "name": name, "scopes": scopes });
    app.post("/api/v1/roles").token(token).json(&body).send().await
}

/// Makes an account of staff and logs in; its id and its token.
async fn staff(app: &App, username: &str, role: &str) -> (String, String) {
    let body = json!({ "username": username, "password": PASSWORD, "role": role });
    let made = app.post("/api/v1/accounts").token(&app.admin).json(&body).send().await.expect(201);
    assert_eq!(made.at("/customer_id"), &Value::Null);
    (made.text("/id").to_owned(), app.login(username, PASSWORD).await)
}

#[tokio::test]
async fn a_role_is_made_changed_and_deleted_r255() {
    let app = spawn().await;
    let made = create(&app, &app.admin, "packing", &["orders:write", "orders:read", "payments:read"]).await.expect(201);
    let place = made.header("location").unwrap();
    assert_eq!(place, "/api/v1/roles/packing");
    let expected = json!({
        "name": "packing", "scopes": ["orders:write", "payments:read"], "fixed": false, "accounts": 0, "version": 1,
    });
    assert_eq!(made.body, expected, "to write includes to read");
    let read = app.get(place).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));

    let change = json!({ "scopes": ["stock:read"] });
    let patch = |etag: &'static str| app.patch(place).token(&app.admin).header("if-match", etag).json(&change).send();
    patch("\"7\"").await.expect(412);
    assert_eq!(patch("\"1\"").await.expect(200).number("/version"), 2);
    app.patch(place).token(&app.admin).json(&json!({ "name": "other" })).send().await.expect(422);
    assert_eq!(app.patch(place).token(&app.admin).json(&json!({})).send().await.expect(200).number("/version"), 2);

    staff(&app, "paula", "packing").await;
    let in_use = app.delete(place).token(&app.admin).send().await.expect(409);
    assert_eq!(in_use.kind(), "in-use");
    let paula = app.get(place).token(&app.admin).send().await.expect(200);
    assert_eq!(paula.number("/accounts"), 1);
    create(&app, &app.admin, "unused", &["stock:read"]).await.expect(201);
    app.delete("/api/v1/roles/unused").token(&app.admin).send().await.expect(204);
    app.get("/api/v1/roles/unused").token(&app.admin).send().await.expect(404);
}

#[tokio::test]
async fn fixed_roles_come_first_and_stay_as_they_are_r255() {
    let app = spawn().await;
    create(&app, &app.admin, "packing", &["orders:write"]).await.expect(201);
    let listed = app.get("/api/v1/roles").token(&app.admin).send().await.expect(200);
    let names: Vec<_> = listed.items().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["admin", "customer", "clerk", "catalogue", "viewer", "packing"]);
    assert_eq!((listed.at("/items/0/accounts"), listed.at("/items/1/accounts")), (&json!(1), &Value::Null));
    for role in ["admin", "viewer"] {
        let place = format!("/api/v1/roles/{role}");
        let change = json!({ "scopes": ["orders:read"] });
        let refused = app.patch(&place).token(&app.admin).json(&change).send().await.expect(422);
        assert_eq!(refused.faults(), [("name", "not_allowed")]);
        app.delete(&place).token(&app.admin).send().await.expect(422);
        create(&app, &app.admin, role, &["orders:read"]).await.expect(409);
    }
}

#[tokio::test]
async fn every_bad_field_of_a_role_is_named_with_what_is_allowed_r255() {
    let app = spawn().await;
    let good = json!({ "name": "packing", "scopes": ["orders:read"] });
    for (change, refused) in [
        (json!({ "name": "ab" }), ("name", "format")),
        (json!({ "name": "Packing" }), ("name", "format")),
        (json!({ "name": "n".repeat(33) }), ("name", "format")),
        (json!({ "name": null }), ("name", "required")),
        (json!({ "scopes": null }), ("scopes", "required")),
        (json!({ "scopes": [] }), ("scopes", "too_short")),
        (json!({ "scopes": "orders:read" }), ("scopes", "wrong_type")),
        (json!({ "scopes": ["orders:read", "orders:refund"] }), ("scopes[1]", "not_allowed")),
        (json!({ "scopes": ["*"] }), ("scopes[0]", "not_allowed")),
        (json!({ "scopes": ["audit:write"] }), ("scopes[0]", "not_allowed")),
        (json!({ "fixed": true }), ("fixed", "unknown_field")),
    ] {
        let body = with(&good, &change);
        let reply = app.post("/api/v1/roles").token(&app.admin).json(&body).send().await.expect(422);
        assert_eq!(reply.faults(), [refused], "{body}");
        if refused.1 == "not_allowed" {
            assert!(reply.text("/errors/0/message").contains("orders:write, returns:read"), "{}", reply.body);
        }
    }
}

#[tokio::test]
async fn a_changed_role_counts_at_once_and_its_accounts_stay_logged_in_r256() {
    let app = spawn().await;
    create(&app, &app.admin, "packing", &["stock:read"]).await.expect(201);
    let (id, token) = staff(&app, "paula", "packing").await;
    let orders = || app.get("/api/v1/orders").token(&token).send();
    let refused = orders().await.expect(403);
    assert_eq!(refused.text("/scope"), "orders:read");
    assert!(refused.text("/detail").contains("`orders:read`"));
    let change = json!({ "scopes": ["orders:read"] });
    app.patch("/api/v1/roles/packing").token(&app.admin).json(&change).send().await.expect(200);
    orders().await.expect(200);
    app.get("/api/v1/stock").token(&token).send().await.expect(403);
    // Another role is another login, as before.
    let account = format!("/api/v1/accounts/{id}");
    let changed = app.patch(&account).token(&app.admin).json(&json!({ "role": "clerk" })).send().await.expect(200);
    assert_eq!(changed.text("/role"), "clerk");
    orders().await.expect(401);
    let me = app.get("/api/v1/me").token(&app.login("paula", PASSWORD).await).send().await.expect(200);
    assert_eq!(me.text("/role"), "clerk");
}

#[tokio::test]
async fn staff_have_no_customer_and_customers_have_one_r256() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let body = |change: Value| with(&json!({ "username": "paula", "password": PASSWORD }), &change);
    let post = |body: Value| app.post("/api/v1/accounts").token(&app.admin).json(&body).send();
    for (change, refused) in [
        (json!({}), ("customer_id", "required")),
        (json!({ "role": "customer" }), ("customer_id", "required")),
        (json!({ "role": "clerk", "customer_id": ann.id }), ("customer_id", "not_allowed")),
        (json!({ "role": "customer", "customer_id": NOTHING }), ("customer_id", "not_found")),
        (json!({ "role": "nobody" }), ("role", "not_found")),
        (json!({ "role": "No" }), ("role", "format")),
    ] {
        assert_eq!(post(body(change)).await.expect(422).faults(), [refused]);
    }
    post(body(json!({ "role": "clerk" }))).await.expect(201);
}

#[tokio::test]
async fn nobody_grants_what_they_have_not_and_the_attempt_is_recorded_r257_r262() {
    let app = spawn().await;
    let root = app.get("/api/v1/me").token(&app.admin).send().await.expect(200).text("/id").to_owned();
    create(&app, &app.admin, "boss", &["accounts:write", "orders:write", "customers:write"]).await.expect(201);
    create(&app, &app.admin, "payer", &["payments:write"]).await.expect(201);
    let (bob, token) = staff(&app, "bob", "boss").await;
    let (pay, _) = staff(&app, "pay", "payer").await;
    let refused = |reply: Reply| {
        let reply = reply.expect(403);
        (reply.header("www-authenticate").unwrap_or_default().to_owned(), reply.body["scope"].clone())
    };
    let of = |id: &str| format!("/api/v1/accounts/{id}");
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"payments:write\"";
    let payer = (challenge.to_owned(), json!("payments:write"));
    // A role that has more, for itself and for others.
    let change = json!({ "role": "payer" });
    assert_eq!(refused(app.patch(&of(&bob)).token(&token).json(&change).send().await), payer);
    let new = json!({ "username": "new", "password": PASSWORD, "role": "payer" });
    assert_eq!(refused(app.post("/api/v1/accounts").token(&token).json(&new).send().await), payer);
    // An account that may do more: its password is the way to it.
    let change = json!({ "password": "another long password" });
    assert_eq!(refused(app.patch(&of(&pay)).token(&token).json(&change).send().await), payer);
    assert_eq!(refused(app.delete(&of(&pay)).token(&token).send().await), payer);
    // Roles.
    assert_eq!(refused(create(&app, &token, "own", &["payments:write"]).await), payer);
    let wider = json!({ "scopes": ["accounts:write", "payments:write"] });
    assert_eq!(refused(app.patch("/api/v1/roles/boss").token(&token).json(&wider).send().await), payer);
    let narrower = json!({ "scopes": ["orders:read"] });
    assert_eq!(refused(app.patch("/api/v1/roles/payer").token(&token).json(&narrower).send().await), payer);
    app.delete(&of(&root)).token(&token).send().await.expect(403);
    // What is within its own it may give.
    let new = json!({ "username": "new", "password": PASSWORD, "role": "boss" });
    app.post("/api/v1/accounts").token(&token).json(&new).send().await.expect(201);

    let log = app.get(&format!("/api/v1/audit?actor={bob}&limit=100")).token(&app.admin).send().await.expect(200);
    let mut actions: Vec<_> = log.items().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    actions.reverse();
    assert_eq!(
        actions,
        [
            "accounts.login",
            "accounts.update.refused",
            "accounts.create.refused",
            "accounts.update.refused",
            "accounts.delete.refused",
            "roles.create.refused",
            "roles.update.refused",
            "roles.update.refused",
            "accounts.delete.refused",
            "accounts.create",
        ]
    );
    let refusal = log.items().iter().find(|entry| entry["action"] == "roles.create.refused").unwrap();
    assert_eq!((&refusal["resource"], &refusal["after"]), (&json!("role"), &json!({ "missing": "payments:write" })));
}

#[tokio::test]
async fn the_mail_of_an_account_that_may_do_more_is_no_way_to_it_r257() {
    let app = spawn().await;
    let (_, clerk) = staff(&app, "clara", "clerk").await;
    let ann = app.customer("ann").await;
    let customer = format!("/api/v1/customers/{}", ann.id);
    let address = |email: &str| json!({ "email": email });
    app.patch(&customer).token(&clerk).json(&address("ann2@example.com")).send().await.expect(200);
    let account = app.get("/api/v1/me").token(&ann.token).send().await.expect(200).text("/id").to_owned();
    let admin = json!({ "role": "admin" });
    app.patch(&format!("/api/v1/accounts/{account}")).token(&app.admin).json(&admin).send().await.expect(200);
    app.patch(&customer).token(&clerk).json(&address("clara@example.com")).send().await.expect(403);
    app.patch(&customer).token(&clerk).json(&json!({ "name": "Ann B" })).send().await.expect(200);
    app.delete(&customer).token(&clerk).send().await.expect(403);
    app.patch(&customer).token(&app.admin).json(&address("root@example.com")).send().await.expect(200);
}

#[tokio::test]
async fn accounts_are_no_way_to_the_data_of_customers_r255() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let account = app.get("/api/v1/me").token(&ann.token).send().await.expect(200).text("/id").to_owned();
    create(&app, &app.admin, "people", &["accounts:write"]).await.expect(201);
    let (_, token) = staff(&app, "bob", "people").await;
    let path = format!("/api/v1/accounts/{account}");
    let seen = app.get(&path).token(&token).send().await.expect(200);
    assert_eq!((seen.text("/customer_id"), seen.at("/customer")), (ann.id.as_str(), &Value::Null));
    let change = json!({ "username": "ann-two" });
    let changed = app.patch(&path).token(&token).json(&change).send().await.expect(200);
    assert!(changed.at("/customer").is_null());
    let listed = app.get("/api/v1/accounts").token(&token).send().await.expect(200);
    assert!(listed.items().iter().all(|account| account["customer"].is_null()));
    assert_eq!(app.get(&path).token(&app.admin).send().await.expect(200).text("/customer/id"), ann.id);
}

#[tokio::test]
async fn the_51st_role_is_refused_r255() {
    let app = spawn().await;
    for number in 1..=50 {
        create(&app, &app.admin, &format!("role-{number}"), &["orders:read"]).await.expect(201);
    }
    let refused = create(&app, &app.admin, "role-51", &["orders:read"]).await.expect(409);
    assert_eq!(refused.kind(), "too-many");
}

#[tokio::test]
async fn the_account_of_a_customer_is_found_by_the_customer_r22() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    app.customer("bob").await;
    let found = app.office().get(&format!("/accounts?customer_id={}", ann.id)).await;
    let names: Vec<_> = found["items"].as_array().unwrap().iter().map(|one| one["username"].clone()).collect();
    assert_eq!((names, &found["next_cursor"]), (vec![json!("ann")], &serde_json::Value::Null));
    let nobody = app.office().get(&format!("/accounts?customer_id={}", testkit::NOTHING)).await;
    assert!(nobody["items"].as_array().unwrap().is_empty());
    app.office().ask("GET", "/accounts?customer_id=7").await.expect(400);
}

#[tokio::test]
async fn accounts_are_listed_of_staff_or_of_customers_r22() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let names = async |query: &str| {
        let found = app.office().get(&format!("/accounts{query}")).await;
        found["items"].as_array().unwrap().iter().map(|one| one["username"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, [json!("admin"), json!("ann")]);
    assert_eq!(names("?staff=true").await, [json!("admin")]);
    assert_eq!(names("?staff=false").await, [json!("ann")]);
    assert!(names(&format!("?staff=true&customer_id={}", ann.id)).await.is_empty());
    assert_eq!(names(&format!("?staff=false&customer_id={}", ann.id)).await, [json!("ann")]);
    app.office().ask("GET", "/accounts?staff=yes").await.expect(400);
}
