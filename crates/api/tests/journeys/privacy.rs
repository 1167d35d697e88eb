//! What is kept of a person, and how it goes.

use serde_json::{Value, json};
use testkit::{
    ADMIN_PASSWORD, Client, NOTHING, PASSWORD, Person, Server, TestDatabase, damage, details, dump, on_every_database,
    order, pair, refresh, until,
};

on_every_database!(
    customers_delete_themselves_with_their_password_r275,
    customers_who_did_nothing_for_long_are_erased_by_themselves_r275,
    customers_export_all_that_is_kept_of_them_r275_r276,
    nobody_writes_about_an_erased_customer_and_its_orders_go_on_r13_r66_r240_r276,
    an_account_that_went_before_its_customer_is_exported_and_erased_with_it_r13_r23_r275_r276,
);

async fn customers_delete_themselves_with_their_password_r275(database: TestDatabase) {
    let failures = [("STOREKEEPER__AUTH__LOGIN_FAILURES_PER_ACCOUNT", "3")];
    let server = Server::start_with(&database, &database.url, &failures).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    let tokens = pair(&server, "annabel", PASSWORD).await;
    let ordered = order(&ann.client, &product).await;

    let right = json!({"password": PASSWORD});
    Client::holding(&server, "none").send("DELETE", "/me", &right).await.expect(401);
    assert_eq!(ann.client.send("DELETE", "/me", &json!({})).await.expect(422).refused_fields(), ["password"]);
    let wrong = ann.client.send("DELETE", "/me", &json!({"password": "a-wrong-password"})).await.expect(422);
    assert_eq!(wrong.faults(), [("password", "not_allowed")]);
    ann.client.get("/me").await;

    ann.client.send("DELETE", "/me", &right).await.expect(204);
    ann.client.ask("GET", "/me").await.expect(401);
    ann.client.send("DELETE", "/me", &right).await.expect(401);
    refresh(&server, &tokens["refresh_token"]).await.expect(401);
    let login = json!({"username": "annabel", "password": PASSWORD});
    ann.client.send("POST", "/auth/login", &login).await.expect(401);
    admin.ask("GET", &ann.customer()).await.expect(404);
    admin.ask("GET", &ann.account()).await.expect(404);
    assert_eq!(admin.get(&format!("/orders/{ordered}")).await["customer_id"], json!(ann.customer));
    let audit = Value::Array(admin.all("/audit").await).to_string();
    assert!(!audit.contains("annabel"), "{audit}");

    // Guesses are limited, and the last administrator stays.
    let bob = Person::new(&server, &admin, "bob", "customer").await;
    for _ in 0..3 {
        bob.client.send("DELETE", "/me", &json!({"password": "a-wrong-password"})).await.expect(422);
    }
    bob.client.send("DELETE", "/me", &right).await.expect(429);
    bob.client.get("/me").await;
    let last = admin.send("DELETE", "/me", &json!({"password": ADMIN_PASSWORD})).await.expect(409);
    assert_eq!(last.kind(), "last-administrator");
    Person::new(&server, &admin, "carol", "admin").await;
    admin.send("DELETE", "/me", &json!({"password": ADMIN_PASSWORD})).await.expect(204);
    admin.ask("GET", "/me").await.expect(401);
}

async fn nobody_writes_about_an_erased_customer_and_its_orders_go_on_r13_r66_r240_r276(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    let (shipped, cancelled) = (order(&ann.client, &product).await, order(&ann.client, &product).await);
    admin.ask("DELETE", &ann.customer()).await.expect(204);

    let refused = async |method: &str, path: &str, body: &Value| {
        let refused = admin.send(method, path, body).await.expect(409);
        assert_eq!(refused.kind(), "order-not-editable", "{method} {path}");
    };
    let (status, tracking) = (format!("/orders/{shipped}/status"), format!("/orders/{shipped}/tracking"));
    refused("POST", &format!("/orders/{shipped}/notes"), &json!({"text": "Annabel called"})).await;
    refused("POST", &status, &json!({"status": "processing", "note": "For Annabel"})).await;
    for step in ["processing", "shipped"] {
        admin.send("POST", &status, &json!({ "status": step })).await.expect(200);
    }
    refused("PATCH", &tracking, &json!({"carrier": "UPS", "note": "For Annabel"})).await;
    admin.send("PATCH", &tracking, &json!({"carrier": "UPS"})).await.expect(200);
    let cancel = format!("/orders/{cancelled}/cancel");
    refused("POST", &cancel, &json!({"reason": "Annabel has moved"})).await;
    admin.send("POST", &cancel, &json!({})).await.expect(200);
    assert!(!dump(&database).await.to_lowercase().contains("annabel"));
}

async fn an_account_that_went_before_its_customer_is_exported_and_erased_with_it_r13_r23_r275_r276(
    database: TestDatabase,
) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    for is_made_anew in [false, true] {
        // Staff, whose logins are in the log with their networks.
        let ann = Person::new(&server, &admin, "annabel", "admin").await;
        admin.send("PATCH", &ann.account(), &json!({"username": "annabel2"})).await.expect(200);
        admin.ask("DELETE", &ann.account()).await.expect(204);
        if is_made_anew {
            let body = json!({"customer_id": ann.customer, "username": "annabel3", "password": PASSWORD});
            admin.send("POST", "/accounts", &body).await.expect(201);
        }
        let kept = admin.get(&format!("{}/export", ann.customer())).await["data"]["changes"].to_string();
        for known in ["annabel2", "network", "accounts.create", "accounts.delete"] {
            assert!(kept.contains(known), "{known}: {kept}");
        }
        assert_eq!(kept.contains("annabel3"), is_made_anew);
        admin.ask("DELETE", &ann.customer()).await.expect(204);
        assert!(!dump(&database).await.to_lowercase().contains("annabel"));
        let audit = admin.all(&format!("/audit?resource_id={}", ann.account)).await;
        assert!(audit.len() >= 4 && audit.iter().all(|entry| entry["after"] == json!({})), "{audit:?}");
    }
}

async fn customers_export_all_that_is_kept_of_them_r275_r276(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    let bob = Person::new(&server, &admin, "bob", "customer").await;
    let place = json!({
        "items": [{"product_id": product, "quantity": 2}],
        "note": "Ring twice",
        "shipping_address": {"line1": "1 Main St", "city": "Town", "postal_code": "1", "country": "US"},
    });
    let ordered = ann.client.send("POST", "/orders", &place).await.expect(201).id();
    let item = json!({"product_id": product, "quantity": 1});
    ann.client.send("POST", "/cart/items", &item).await.expect(200);
    order(&bob.client, &product).await;

    let export = ann.client.ask("GET", "/me/export").await.expect(200);
    assert_eq!(export.header("cache-control"), Some("no-store"));
    assert!(export.header("content-disposition").unwrap().starts_with("attachment; filename="));
    let data = &export.body["data"];
    assert_eq!(data["customer"][0]["email"], "annabel@example.com");
    assert_eq!((&data["account"][0]["username"], &data["account"][0]["active"]), (&json!("annabel"), &json!(true)));
    assert_eq!((&data["cart"][0]["product_id"], &data["cart"][0]["quantity"]), (&json!(product), &json!(1)));
    assert_eq!((&data["orders"][0]["id"], &data["orders"][0]["ship_line1"]), (&json!(ordered), &json!("1 Main St")));
    assert_eq!((&data["orders"][0]["total"], &data["order_lines"][0]["quantity"]), (&json!(2500), &json!(2)));
    assert_eq!(data["order_history"][0]["status"], "placed");
    assert_eq!(data["networks"][0]["network"], "127.0.0.1");
    assert!(data["logins"][0]["expires_at"].as_str().unwrap().ends_with('Z'));
    let changes: Vec<_> = data["changes"].as_array().unwrap().iter().map(|change| change["action"].as_str()).collect();
    assert_eq!(changes, [Some("customers.create"), Some("accounts.create")]);
    let text = export.body.to_string();
    for foreign in ["bob", "$2b$", PASSWORD, "fingerprint"] {
        assert!(!text.contains(foreign), "{foreign}: {text}");
    }

    let path = format!("{}/export", ann.customer());
    let by_letter = admin.ask("GET", &path).await.expect(200);
    assert_eq!(by_letter.body["data"]["orders"], *data.get("orders").unwrap());
    bob.client.ask("GET", &path).await.expect(403);
    admin.ask("GET", &format!("/customers/{NOTHING}/export")).await.expect(404);
    let own = admin.ask("GET", "/me/export").await.expect(200);
    assert_eq!(
        (&own.body["data"]["account"][0]["username"], &own.body["data"]["customer"]),
        (&json!("admin"), &json!([]))
    );
}

async fn customers_who_did_nothing_for_long_are_erased_by_themselves_r275(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(9).await;
    let mut people = Vec::new();
    for (name, role) in
        [("idle", "customer"), ("seen", "customer"), ("waiting", "customer"), ("bought", "customer"), ("boss", "admin")]
    {
        people.push(Person::new(&server, &admin, name, role).await);
    }
    order(&people[2].client, &product).await;
    let bought = order(&people[3].client, &product).await;
    people[3].client.send("POST", &format!("/orders/{bought}/cancel"), &json!({})).await.expect(200);
    let plain = admin.send("POST", "/customers", &details("plain")).await.expect(201).id();
    server.kill().await;
    // As if all of it was long ago, but for one login.
    damage(
        &database,
        &[
            "UPDATE customers SET updated_at = 1",
            "UPDATE accounts SET updated_at = 1",
            "UPDATE accounts SET seen_at = 1 WHERE username <> 'seen'",
            "UPDATE orders SET updated_at = 1",
            "UPDATE carts SET updated_at = 1",
            "DELETE FROM refresh_tokens",
            "DELETE FROM known_networks",
        ],
    )
    .await;

    let settings = [("STOREKEEPER__CUSTOMERS__ERASE_AFTER", "365d")];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let admin = Client::admin(&server).await;
    until("erased", async || admin.all("/customers").await.len() <= 3).await;
    let left: Vec<_> =
        admin.all("/customers").await.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(left, ["seen Someone", "waiting Someone", "boss Someone"]);
    admin.ask("GET", &format!("/customers/{plain}")).await.expect(404);
    assert_eq!(admin.get(&format!("/orders/{bought}")).await["customer_id"], json!(people[3].customer));
}
