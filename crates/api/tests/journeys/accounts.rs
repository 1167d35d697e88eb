//! Accounts, and that there is always an administrator.

use serde_json::{Value, json};
use testkit::{ADMIN_PASSWORD, Client, PASSWORD, Person, Server, TestDatabase, at_once, details, on_every_database};

on_every_database!(
    an_account_is_made_for_a_customer_who_has_none_and_shows_no_password_r20_r21,
    each_field_of_an_account_can_be_changed_alone_r22,
    a_deleted_account_leaves_its_customer_r23,
    the_last_active_administrator_cannot_be_removed_in_any_way_r13_r22_r23,
    one_of_two_concurrent_demotions_is_refused_r22_r23,
);

const ANOTHER: &str = "another-long-password";

async fn an_account_is_made_for_a_customer_who_has_none_and_shows_no_password_r20_r21(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let customer = admin.send("POST", "/customers", &details("ann")).await.expect(201);
    let new = json!({"customer_id": customer.id(), "username": "Ann", "password": PASSWORD});
    let made = admin.send_once("ann", "/accounts", &new).await.expect(201);
    let path = format!("/accounts/{}", made.id());
    assert_eq!(made.header("location").unwrap(), format!("/api/v1{path}"));
    assert_eq!((made.text("/username"), made.text("/role"), &made.body["active"]), ("ann", "customer", &json!(true)));
    assert_eq!((&made.body["customer"], &made.body["customer_id"]), (&customer.body, &customer.body["id"]));
    let again = admin.send_once("ann", "/accounts", &new).await.expect(201);
    assert!(again.is_replayed() && again.body == made.body, "{}", again.body);

    let second = json!({"customer_id": customer.id(), "username": "ann2", "password": PASSWORD});
    let refused = admin.send("POST", "/accounts", &second).await.expect(409);
    assert_eq!((refused.kind(), refused.refused_fields()), ("duplicate", vec!["customer_id"]));
    let bob = admin.send("POST", "/customers", &details("bob")).await.expect(201).id();
    let taken = json!({"customer_id": bob, "username": "ANN", "password": PASSWORD});
    assert_eq!(admin.send("POST", "/accounts", &taken).await.expect(409).refused_fields(), ["username"]);
    let nobody = json!({"customer_id": made.id(), "username": "eve", "password": PASSWORD});
    assert_eq!(admin.send("POST", "/accounts", &nobody).await.expect(422).refused_fields(), ["customer_id"]);
    let bad = json!({"customer_id": 1, "username": "x", "password": "short", "role": "The King", "active": true});
    let faults = ["active", "customer_id", "password", "role", "username"];
    assert_eq!(admin.send("POST", "/accounts", &bad).await.expect(422).refused_fields(), faults);

    let shown = admin.ask("GET", &path).await.expect(200);
    assert_eq!((shown.etag(), &shown.body), (made.etag(), &made.body));
    let listed = admin.all("/accounts").await;
    assert_eq!((listed.len(), &listed[0]["customer"], &listed[1]), (2, &Value::Null, &made.body));
    for text in [made.body.to_string(), Value::Array(listed).to_string()] {
        assert!(!text.contains("password") && !text.contains("$2b$") && !text.contains("epoch"), "{text}");
    }
    Client::login(&server, "ann", PASSWORD).await.get("/cart").await;
}

async fn each_field_of_an_account_can_be_changed_alone_r22(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Person::new(&server, &admin, "ann", "customer").await;
    let (_, path) = (Person::new(&server, &admin, "bob", "customer").await, ann.account());
    let seen = admin.ask("GET", &path).await.expect(200);

    let renamed = admin.change("PATCH", &path, seen.etag(), &json!({"username": "Anna"})).await.expect(200);
    assert_eq!((renamed.text("/username"), &renamed.body["customer"]["id"]), ("anna", &json!(ann.customer)));
    assert_eq!(admin.ask("GET", &path).await.etag(), renamed.etag());
    admin.change("PATCH", &path, seen.etag(), &json!({"active": false})).await.expect(412);
    assert_eq!(
        admin.send("PATCH", &path, &json!({"username": "bob"})).await.expect(409).refused_fields(),
        ["username"]
    );
    let bad = json!({"username": null, "password": "short", "role": "The King", "active": "yes", "customer_id": null});
    let faults = ["active", "customer_id", "password", "role", "username"];
    assert_eq!(admin.send("PATCH", &path, &bad).await.expect(422).refused_fields(), faults);

    admin.send("PATCH", &path, &json!({"password": ANOTHER})).await.expect(200);
    let old = json!({"username": "anna", "password": PASSWORD});
    admin.send("POST", "/auth/login", &old).await.expect(401);
    let anna = Client::login(&server, "anna", ANOTHER).await;
    anna.ask("GET", "/customers").await.expect(403);
    admin.send("PATCH", &path, &json!({"role": "admin"})).await.expect(200);
    anna.ask("GET", "/customers").await.expect(401);
    let anna = Client::login(&server, "anna", ANOTHER).await;
    anna.ask("GET", "/customers").await.expect(200);
    admin.send("PATCH", &path, &json!({"active": false})).await.expect(200);
    let login = json!({"username": "anna", "password": ANOTHER});
    admin.send("POST", "/auth/login", &login).await.expect(401);
    admin.send("PATCH", &path, &json!({"active": true})).await.expect(200);
    anna.ask("GET", "/customers").await.expect(401);
    Client::login(&server, "anna", ANOTHER).await.get("/customers").await;
}

async fn a_deleted_account_leaves_its_customer_r23(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Person::new(&server, &admin, "ann", "customer").await;
    let path = ann.account();
    let seen = admin.ask("GET", &path).await.expect(200);
    let latest = admin.send("PATCH", &path, &json!({"username": "anna"})).await.expect(200);
    admin.change("DELETE", &path, seen.etag(), &Value::Null).await.expect(412);
    admin.change("DELETE", &path, latest.etag(), &Value::Null).await.expect(204);
    admin.ask("GET", &path).await.expect(404);
    admin.ask("DELETE", &path).await.expect(404);
    admin.ask("GET", &ann.customer()).await.expect(200);
    let again = json!({"customer_id": ann.customer, "username": "anna", "password": PASSWORD});
    admin.send("POST", "/accounts", &again).await.expect(201);
}

async fn the_last_active_administrator_cannot_be_removed_in_any_way_r13_r22_r23(database: TestDatabase) {
    let server = Server::start(&database).await;
    let root = Client::admin(&server).await;
    let second = Person::new(&server, &root, "second", "admin").await;
    let root_path = format!("/accounts/{}", root.get("/me").await["id"].as_str().unwrap());
    // An administrator who cannot log in does not count.
    let third = Person::new(&server, &root, "third", "admin").await;
    root.send("PATCH", &third.account(), &json!({"active": false})).await.expect(200);
    second.client.send("PATCH", &root_path, &json!({"active": false})).await.expect(200);

    let last = &second.client;
    for (method, path, body) in [
        ("PATCH", second.account(), json!({"role": "customer"})),
        ("PATCH", second.account(), json!({"active": false})),
        ("PATCH", second.account(), json!({"active": false, "role": "customer"})),
        ("DELETE", second.account(), Value::Null),
        ("DELETE", second.customer(), Value::Null),
    ] {
        let refused = last.change(method, &path, "*", &body).await.expect(409);
        assert_eq!(refused.kind(), "last-administrator", "{method} {path} {body}");
    }
    last.send("PATCH", &second.account(), &json!({"username": "last", "role": "admin"})).await.expect(200);
    last.send("PATCH", &root_path, &json!({"active": true})).await.expect(200);
    last.ask("DELETE", &second.customer()).await.expect(204);
    Client::login(&server, "admin", ADMIN_PASSWORD).await.get("/accounts").await;
}

async fn one_of_two_concurrent_demotions_is_refused_r22_r23(database: TestDatabase) {
    let server = Server::start(&database).await;
    let mut root = Client::admin(&server).await;
    let second = Person::new(&server, &root, "second", "admin").await;
    let root_path = format!("/accounts/{}", root.get("/me").await["id"].as_str().unwrap());
    let mut conflicts = 0;
    for _ in 0..10 {
        let demotions = [root_path.clone(), second.account()].map(|path| {
            let root = root.clone();
            async move { root.send("PATCH", &path, &json!({"role": "customer"})).await }
        });
        let statuses: Vec<_> = at_once(demotions).await.into_iter().map(|reply| reply.status).collect();
        // Once the root has demoted itself its token is worth nothing, should the other request come later, and it may do
        // nothing any more, should that request have been let in before.
        assert!(matches!(statuses[..], [200, 409 | 403 | 401] | [409, 200]), "{statuses:?}");
        conflicts += statuses.iter().filter(|status| matches!(status, 409 | 403)).count();

        let (left, demoted) = if statuses[0] == 200 {
            (Client::login(&server, "second", PASSWORD).await, root_path.clone())
        } else {
            (Client::admin(&server).await, second.account())
        };
        left.send("PATCH", &demoted, &json!({"role": "admin"})).await.expect(200);
        root = Client::admin(&server).await;
    }
    assert!(conflicts > 0, "the two never met");
}
