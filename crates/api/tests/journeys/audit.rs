//! What administrators changed.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{ADMIN_PASSWORD, Client, PASSWORD, Person, Reply, Server, TestDatabase, on_every_database, order, usd};

on_every_database!(
    the_audit_log_has_every_change_by_an_administrator_r10_r22_r33_r42,
    actions_of_customers_are_not_in_the_audit_log_r65,
    the_audit_log_can_be_filtered_and_paged_r33_r262,
);

async fn newest(admin: &Client) -> Value {
    admin.ask("GET", "/audit?limit=1").await.expect(200).items()[0].clone()
}

async fn the_audit_log_has_every_change_by_an_administrator_r10_r22_r33_r42(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let me = admin.get("/me").await["id"].clone();
    let new = json!({"name": "Mug", "price": usd(100), "initial_stock": 9});
    let named = admin.request(Method::POST, "/products").header("x-request-id", "my-request").json(&new);
    let product = Reply::to(named).await.expect(201).id();
    let made = newest(&admin).await;
    assert_eq!((&made["actor"], &made["request_id"]), (&me, &json!("my-request")));
    assert_eq!((&made["action"], &made["resource"]), (&json!("products.create"), &json!("product")));
    assert_eq!((&made["resource_id"], &made["before"]), (&json!(product), &json!({})));
    assert_eq!((&made["after"]["name"], &made["after"]["sku"]), (&json!("Mug"), &Value::Null));

    admin.send("PATCH", &format!("/products/{product}"), &json!({"price": usd(250)})).await.expect(200);
    let changed = newest(&admin).await;
    assert_eq!((&changed["before"], &changed["after"]), (&json!({"price": "100"}), &json!({"price": "250"})));

    let ann = Person::new(&server, &admin, "ann", "customer").await;
    let (stock, customer) = (format!("/products/{product}/stock"), ann.customer());
    let bought = order(&ann.client, &product).await;
    let status = format!("/orders/{bought}/status");
    let policy = json!({"restock_threshold": 9, "restock_target": 20});
    let steps = [
        ("PATCH", customer.clone(), json!({"name": "Ann Two"}), "customers.update"),
        ("PATCH", ann.account(), json!({"password": "another-long-password"}), "accounts.update"),
        ("PUT", format!("{stock}/policy"), policy, "stock.set_policy"),
        ("POST", "/restocks/run".to_owned(), json!({}), "restocks.run"),
        ("POST", format!("{stock}/adjustments"), json!({"quantity": 1, "reason": "found"}), "stock.adjust"),
        ("POST", status, json!({"status": "processing"}), "orders.advance"),
        ("POST", format!("/orders/{bought}/cancel"), json!({}), "orders.cancel"),
        ("DELETE", ann.account(), Value::Null, "accounts.delete"),
        ("DELETE", customer, Value::Null, "customers.delete"),
        ("DELETE", format!("/products/{product}"), Value::Null, "products.delete"),
    ];
    for (method, path, body, action) in steps {
        let done = if body.is_null() { admin.ask(method, &path).await } else { admin.send(method, &path, &body).await };
        assert!(done.status < 300, "{action}: {}", done.body);
        let entry = newest(&admin).await;
        assert_eq!((&entry["action"], &entry["actor"]), (&json!(action), &me));
        assert_eq!(entry["request_id"], done.header("x-request-id").unwrap());
        match action {
            "orders.cancel" => {
                assert_eq!(
                    (&entry["before"]["status"], &entry["after"]["status"]),
                    (&json!("processing"), &json!("cancelled"))
                );
            }
            "products.delete" => assert_eq!((&entry["before"]["price"], &entry["after"]), (&json!("250"), &json!({}))),
            "stock.adjust" => assert_eq!(entry["after"]["reason"], "found"),
            _ => {}
        }
    }
    // What is refused changes nothing, and nothing is kept of it.
    let count = admin.all("/audit").await.len();
    admin.send("PATCH", &format!("/products/{product}"), &json!({"name": "Jug"})).await.expect(404);
    let all = admin.all("/audit").await;
    assert_eq!(all.len(), count);
    let text = Value::Array(all).to_string();
    for secret in [ADMIN_PASSWORD, PASSWORD, "another-long-password", "$2b$", "password"] {
        assert!(!text.contains(secret), "{secret} is in the audit log");
    }
}

async fn actions_of_customers_are_not_in_the_audit_log_r65(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(9).await;
    let ann = Client::customer(&server, "ann").await;
    let before = admin.all("/audit").await.len();
    ann.send("PATCH", "/me", &json!({"name": "Ann Two"})).await.expect(200);
    let mine = order(&ann, &product).await;
    ann.ask("POST", &format!("/orders/{mine}/cancel")).await.expect(200);
    assert_eq!(admin.all("/audit").await.len(), before);
    let mine = order(&ann, &product).await;
    admin.ask("POST", &format!("/orders/{mine}/cancel")).await.expect(200);
    assert_eq!(admin.all("/audit").await.len(), before + 1);
}

async fn the_audit_log_can_be_filtered_and_paged_r33_r262(database: TestDatabase) {
    let server = Server::start(&database).await;
    let root = Client::admin(&server).await;
    let second = Person::new(&server, &root, "second", "admin").await;
    let product = root.product(9).await;
    for n in 0..3 {
        second
            .client
            .send("PATCH", &format!("/products/{product}"), &json!({"name": format!("Mug {n}")}))
            .await
            .expect(200);
    }
    let all = root.all("/audit").await;
    // Two of them are logins of administrators.
    assert_eq!(all.len(), 8);
    let found = async |query: String| -> Vec<Value> {
        root.ask("GET", &format!("/audit?{query}")).await.expect(200).items().to_vec()
    };
    assert_eq!(found(format!("actor={}", second.account)).await, [&all[..3], &all[4..5]].concat());
    assert_eq!((&all[4]["action"], &all[7]["action"]), (&json!("accounts.login"), &json!("accounts.login")));
    assert_eq!(found("resource=product".to_owned()).await, all[..4]);
    assert_eq!(found("resource=customer".to_owned()).await, all[6..7]);
    assert_eq!(found(format!("resource_id={product}")).await, all[..4]);
    let at = |n: usize| all[n]["at"].as_str().unwrap();
    assert_eq!(found(format!("after={}", at(2))).await, all[..3], "after includes its moment");
    assert_eq!(found(format!("before={}", at(2))).await, all[3..], "before does not");
    assert_eq!(found(format!("after={}&before={}&resource=product", at(3), at(1))).await, all[2..4]);

    let first = root.ask("GET", "/audit?resource=product&limit=3").await.expect(200);
    let next = format!("/audit?resource=product&limit=3&cursor={}", first.text("/next_cursor"));
    assert_eq!((first.items(), root.ask("GET", &next).await.expect(200).items()), (&all[..3], &all[3..4]));
    for (query, fault) in [("resource=planet", "resource"), ("actor=me", "actor"), ("after=today", "after")] {
        assert_eq!(root.ask("GET", &format!("/audit?{query}")).await.expect(400).refused_fields(), [fault]);
    }
}
