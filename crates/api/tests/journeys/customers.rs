//! Customers, from the first letter to the last trace.

use serde_json::{Value, json};
use testkit::{
    Client, NOTHING, PASSWORD, Person, Server, TestDatabase, at_once, details, on_every_database, pair, refresh,
};

on_every_database!(
    a_customer_is_made_shown_and_changed_r10_r11_r12,
    bad_customers_are_refused_with_every_bad_field_r10_r12_r14,
    customers_are_listed_page_by_page_and_found_by_name_and_email_r11,
    a_deleted_customer_leaves_orders_without_personal_data_r13,
    an_order_placed_while_its_customer_is_deleted_keeps_no_personal_data_r13,
);

async fn a_customer_is_made_shown_and_changed_r10_r11_r12(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let made = admin.send_once("ann", "/customers", &details("ann")).await.expect(201);
    let path = format!("/customers/{}", made.id());
    assert_eq!(made.header("location").unwrap(), format!("/api/v1{path}"));
    let again = admin.send_once("ann", "/customers", &details("ann")).await.expect(201);
    assert!(again.is_replayed() && again.body == made.body, "{}", again.body);

    let shown = admin.ask("GET", &path).await.expect(200);
    assert_eq!((shown.etag(), &shown.body), (made.etag(), &made.body));
    assert_eq!(admin.unless(&path, shown.etag()).await.status, 304);
    let changed = admin.change("PATCH", &path, shown.etag(), &json!({"phone": "+4930123456"})).await.expect(200);
    assert_eq!((changed.text("/phone"), changed.text("/name")), ("+4930123456", "ann Someone"));
    assert_eq!(changed.body["version"], 2);
    assert_eq!(admin.ask("GET", &path).await.etag(), changed.etag());
    let same = admin.send("PATCH", &path, &json!({"phone": "+4930123456"})).await.expect(200);
    let none = admin.send("PATCH", &path, &json!({})).await.expect(200);
    assert_eq!((same.etag(), none.etag()), (changed.etag(), changed.etag()), "nothing is another");
    let stale = admin.change("PATCH", &path, shown.etag(), &json!({"name": "X"})).await.expect(412);
    assert_eq!(stale.kind(), "stale-version");
    // An address may change its case, which is no duplicate of itself.
    admin.send("PATCH", &path, &json!({"email": "ANN@example.com"})).await.expect(200);

    for method in ["GET", "PATCH", "DELETE"] {
        admin.send(method, &format!("/customers/{NOTHING}"), &json!({})).await.expect(404);
        let unhyphenated = made.id().replace('-', "");
        admin.send(method, &format!("/customers/{unhyphenated}"), &json!({})).await.expect(400);
    }
}

async fn bad_customers_are_refused_with_every_bad_field_r10_r12_r14(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let bad = json!({"name": " ", "email": "ann", "phone": "0", "colour": "red"});
    let refused = admin.send("POST", "/customers", &bad).await.expect(422);
    assert_eq!(refused.refused_fields(), ["colour", "email", "name", "phone"]);
    admin.send("POST", "/customers", &details("ann")).await.expect(201);
    let bob = admin.send("POST", "/customers", &details("bob")).await.expect(201).id();
    let twice = admin.send("POST", "/customers", &details("ANN")).await.expect(409);
    assert_eq!((twice.kind(), twice.refused_fields()), ("duplicate", vec!["email"]));
    let path = format!("/customers/{bob}");
    admin.send("PATCH", &path, &json!({"email": "Ann@Example.com"})).await.expect(409);
    let nulls = json!({"name": null, "email": null, "phone": null});
    assert_eq!(admin.send("PATCH", &path, &nulls).await.expect(422).refused_fields(), ["email", "name", "phone"]);
    assert_eq!(admin.ask("GET", &path).await.body["version"], 1);
    assert_eq!(admin.all("/customers").await.len(), 2);
}

async fn customers_are_listed_page_by_page_and_found_by_name_and_email_r11(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    for (name, email) in [
        ("Ann Miller", "ann@example.com"),
        ("Bob Miller", "bob@example.com"),
        ("Zoë Müller", "zoe@shop.example"),
        ("Carl", "carl.miller@work.example"),
    ] {
        let body = json!({"name": name, "email": email, "phone": "+14155550100"});
        admin.send("POST", "/customers", &body).await.expect(201);
    }
    for (query, found) in [
        ("", vec!["ann", "bob", "zoe", "carl"]),
        ("q=MILLER", vec!["ann", "bob", "carl"]),
        ("q=miller+an", vec!["ann"]),
        ("q=mill+ann", vec![]),
        ("q=M%C3%9CLLER", vec!["zoe"]),
        ("q=shop.example", vec!["zoe"]),
        ("q=nobody", vec![]),
        ("q=%20", vec!["ann", "bob", "zoe", "carl"]),
    ] {
        let page = admin.ask("GET", &format!("/customers?{query}")).await.expect(200);
        let emails = page.items().iter().map(|item| item["email"].as_str().unwrap());
        let names: Vec<_> = emails.map(|email| email.split(['.', '@']).next().unwrap()).collect();
        assert_eq!(names, found, "{query}");
    }

    let first = admin.ask("GET", "/customers?q=miller&limit=2").await.expect(200);
    let cursor = first.text("/next_cursor");
    assert!(first.header("link").unwrap().contains("q=miller"), "the next page is of the same search");
    let second = admin.ask("GET", &format!("/customers?q=miller&limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((first.items().len(), second.items().len()), (2, 1));
    assert_eq!(second.body["next_cursor"], Value::Null);
    admin.ask("GET", &format!("/accounts?cursor={cursor}")).await.expect(400);
    admin.ask("GET", &format!("/customers?q={}", "x".repeat(201))).await.expect(400);
}

async fn a_deleted_customer_leaves_orders_without_personal_data_r13(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(10).await;
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    admin.send("PATCH", &ann.customer(), &json!({"name": "Annabel Second"})).await.expect(200);
    admin.send("PATCH", &ann.account(), &json!({"username": "annabel2"})).await.expect(200);
    let tokens = pair(&server, "annabel2", PASSWORD).await;
    let order = json!({
        "items": [{"product_id": product, "quantity": 2}],
        "note": "for Annabel",
        "shipping_address": {"line1": "1 Annabel Street", "city": "Town", "postal_code": "1", "country": "US"},
    });
    let order = format!("/orders/{}", ann.client.send("POST", "/orders", &order).await.expect(201).id());
    let reason = json!({"reason": "Annabel is sorry"});
    ann.client.send("POST", &format!("{order}/cancel"), &reason).await.expect(200);
    let item = json!({"product_id": product, "quantity": 1});
    ann.client.send("POST", "/cart/items", &item).await.expect(200);

    admin.change("DELETE", &ann.customer(), "\"1\"", &Value::Null).await.expect(412);
    let seen = admin.ask("GET", &ann.customer()).await.expect(200);
    let gone = admin.change("DELETE", &ann.customer(), seen.etag(), &Value::Null).await.expect(204);
    assert!(gone.body.is_null());

    admin.ask("GET", &ann.customer()).await.expect(404);
    admin.ask("DELETE", &ann.customer()).await.expect(404);
    admin.ask("GET", &ann.account()).await.expect(404);
    ann.client.ask("GET", "/me").await.expect(401);
    refresh(&server, &tokens["refresh_token"]).await.expect(401);
    let login = json!({"username": "annabel2", "password": PASSWORD});
    admin.send("POST", "/auth/login", &login).await.expect(401);
    assert!(admin.ask("GET", "/customers?q=annabel").await.expect(200).items().is_empty());

    let left = admin.get(&order).await;
    assert_eq!((&left["customer_id"], &left["items"][0]["quantity"]), (&json!(ann.customer), &json!(2)));
    assert_eq!((&left["shipping_address"], &left["note"]), (&Value::Null, &Value::Null));
    let tracking = admin.get(&format!("{order}/tracking")).await;
    assert_eq!(tracking["history"][1]["note"], Value::Null);
    let audit = admin.all("/audit").await;
    let is_ann = |entry: &&Value| [&ann.customer, &ann.account].iter().any(|id| entry["resource_id"] == id.as_str());
    assert_eq!(audit.iter().filter(is_ann).count(), 5, "it is known that there was somebody: {audit:?}");
    for text in [Value::Array(audit.clone()).to_string(), left.to_string(), tracking.to_string()] {
        let personal = ["nnabel", "+14155550100"].into_iter().find(|word| text.contains(word));
        assert_eq!(personal, None, "{text}");
    }

    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    assert_eq!(ann.client.get("/cart").await["item_count"], 0);
    assert!(ann.client.all("/orders").await.is_empty());
}

#[tokio::test]
async fn the_bytes_of_an_erased_customer_are_in_no_file_of_sqlite() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(10).await;
    let ann = Person::new(&server, &admin, "zaphodina", "customer").await;
    for n in 0..30 {
        let name = json!({"name": format!("Zaphodina {}", "B".repeat(n + 1))});
        admin.send("PATCH", &ann.customer(), &name).await.expect(200);
    }
    let order = json!({
        "items": [{"product_id": product, "quantity": 1}],
        "note": "for Zaphodina",
        "shipping_address": {"line1": "1 Zaphodina Street", "city": "Town", "postal_code": "1", "country": "US"},
    });
    ann.client.send_once("k", "/orders", &order).await.expect(201);
    let traces = || {
        let files = std::fs::read_dir(database.folder()).unwrap().map(|file| file.unwrap().path());
        let found = |path: &std::path::PathBuf| {
            let bytes = std::fs::read(path).unwrap().to_ascii_lowercase();
            bytes.windows(9).any(|window| window == b"zaphodina")
        };
        files.filter(found).collect::<Vec<_>>()
    };
    assert!(!traces().is_empty());
    admin.ask("DELETE", &ann.customer()).await.expect(204);
    testkit::until("forgotten", async || traces().is_empty()).await;
}

async fn an_order_placed_while_its_customer_is_deleted_keeps_no_personal_data_r13(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(1000).await;
    let order = json!({
        "items": [{"product_id": product, "quantity": 1}],
        "shipping_address": {"line1": "1 Main St", "city": "Town", "postal_code": "1", "country": "US"},
    });
    for n in 0..5 {
        let ann = Person::new(&server, &admin, &format!("ann{n}"), "customer").await;
        let buyer = |path: &'static str, body: &Value| {
            let (client, body) = (ann.client.clone(), body.clone());
            async move { client.send("POST", path, &body).await.status }
        };
        let item = json!({"product_id": product, "quantity": 1});
        let buying =
            (0..8).flat_map(|_| [tokio::spawn(buyer("/orders", &order)), tokio::spawn(buyer("/cart/items", &item))]);
        let buying: Vec<_> = buying.collect();
        tokio::time::sleep(std::time::Duration::from_millis(5 * n)).await;
        admin.ask("DELETE", &ann.customer()).await.expect(204);
        for status in at_once(buying).await {
            assert!(matches!(status, Ok(200 | 201 | 401)), "{status:?}");
        }
        for left in admin.all(&format!("/orders?customer_id={}", ann.customer)).await {
            assert_eq!(left["shipping_address"], Value::Null, "{left}");
        }
    }
}
