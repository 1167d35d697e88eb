//! Restocks: opened automatically or on request, received or cancelled once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::{Client, NOTHING, Server, TestDatabase, at_once, on_every_database, order, order_of, until};

on_every_database!(
    a_restock_policy_sets_threshold_and_target_r42,
    twenty_concurrent_sales_open_one_restock_r44,
    an_adjustment_below_the_threshold_opens_a_restock_r44,
    a_restock_run_opens_due_restocks_and_its_repetition_gives_the_same_response_r44,
    a_restock_is_received_once_and_its_units_are_on_hand_r45,
    receiving_a_quantity_closes_a_restock_r242,
    a_cancelled_restock_stays_cancelled_and_the_next_run_opens_another_r44_r45,
    due_restocks_are_received_automatically_and_once_by_any_number_of_servers_r45,
);

/// A product with a policy: below 10 it is filled up to 50.
async fn product(admin: &Client, units: i64) -> String {
    let product = admin.product(units).await;
    let policy = json!({"restock_threshold": 10, "restock_target": 50});
    admin.send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    product
}

async fn restocks(admin: &Client, query: &str) -> Vec<Value> {
    admin.ask("GET", &format!("/restocks{query}")).await.expect(200).items().to_vec()
}

async fn a_restock_policy_sets_threshold_and_target_r42(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let (stock, path) = (format!("/products/{product}/stock"), format!("/products/{product}/stock/policy"));
    let seen = admin.ask("GET", &stock).await.expect(200);
    let policy = json!({"restock_threshold": 10, "restock_target": 50});
    let set = admin.change("PUT", &path, seen.etag(), &policy).await.expect(200);
    assert_eq!((&set.body["restock_threshold"], &set.body["restock_target"]), (&json!(10), &json!(50)));
    assert_eq!((&set.body["on_hand"], &set.body["below_threshold"]), (&json!(5), &json!(true)));
    let shown = admin.ask("GET", &stock).await.expect(200);
    assert_eq!((shown.etag(), &shown.body), (set.etag(), &set.body));
    assert!(restocks(&admin, "").await.is_empty(), "only a sale, an adjustment or a run opens a restock");

    admin.change("PUT", &path, seen.etag(), &policy).await.expect(412);
    for (bad, faults) in [
        (json!({}), vec!["restock_target", "restock_threshold"]),
        (json!({"restock_threshold": -1, "restock_target": 1.5}), vec!["restock_target"]),
        (json!({"restock_threshold": -1, "restock_target": -1}), vec!["restock_target", "restock_threshold"]),
        (json!({"restock_threshold": 2, "restock_target": 1}), vec!["restock_target"]),
    ] {
        assert_eq!(admin.send("PUT", &path, &bad).await.expect(422).refused_fields(), faults, "{bad}");
    }
    let unknown = format!("/products/{NOTHING}/stock/policy");
    admin.send("PUT", &unknown, &policy).await.expect(404);
    assert_eq!(admin.ask("GET", &path).await.expect(405).header("allow").unwrap(), "PUT, OPTIONS");
    // A policy is no movement.
    assert_eq!(admin.on_hand(&product).await, 5);
}

async fn twenty_concurrent_sales_open_one_restock_r44(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&one).await;
    let product = product(&admin, 15).await;
    let buyer = Client::customer(&one, "buyer").await;
    order(&buyer, &product).await;
    assert!(restocks(&admin, "").await.is_empty(), "14 is not below 10");
    let sales = (0..20).map(|n| {
        let (buyer, body) = (buyer.at(if n % 2 == 0 { &one } else { &two }), order_of(&[&product]));
        async move { buyer.send("POST", "/orders", &body).await.status }
    });
    let answers = at_once(sales).await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 14, "{answers:?}");
    let opened = restocks(&admin, "?status=open").await;
    assert_eq!(opened.len(), 1, "{opened:?}");
    // The sale that took the tenth unit opened it.
    assert_eq!((&opened[0]["product_id"], &opened[0]["quantity"]), (&json!(product), &json!(41)));
    assert_eq!(admin.on_hand(&product).await, 0);
}

async fn an_adjustment_below_the_threshold_opens_a_restock_r44(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = product(&admin, 10).await;
    let adjust = json!({"quantity": -3, "reason": "broken"});
    admin.send("POST", &format!("/products/{product}/stock/adjustments"), &adjust).await.expect(201);
    let opened = restocks(&admin, "").await;
    assert_eq!((opened.len(), &opened[0]["quantity"], &opened[0]["closed_at"]), (1, &json!(43), &Value::Null));
    let path = format!("/restocks/{}", opened[0]["id"].as_str().unwrap());
    let shown = admin.ask("GET", &path).await.expect(200);
    assert_eq!(shown.body, opened[0]);
    assert_eq!(admin.unless(&path, shown.etag()).await.status, 304);
}

async fn a_restock_run_opens_due_restocks_and_its_repetition_gives_the_same_response_r44(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (due, enough) = (product(&admin, 4).await, product(&admin, 10).await);
    let run = admin.send_once("nightly", "/restocks/run", &json!({})).await.expect(200);
    assert_eq!(run.body["complete"], true);
    let opened = run.body["opened"].as_array().unwrap();
    assert_eq!((opened.len(), &opened[0]["product_id"], &opened[0]["quantity"]), (1, &json!(due), &json!(46)));
    assert_ne!(opened[0]["product_id"], enough.as_str());

    let another = product(&admin, 1).await;
    let again = admin.send_once("nightly", "/restocks/run", &json!({})).await.expect(200);
    assert_eq!((again.header("idempotency-replayed").unwrap(), &again.body), ("true", &run.body));
    assert_eq!(restocks(&admin, "").await.len(), 1, "a repetition opens nothing");
    let runs = (0..5).map(|_| {
        let admin = admin.clone();
        async move { admin.ask("POST", "/restocks/run").await.expect(200).body["opened"].as_array().unwrap().len() }
    });
    assert_eq!(at_once(runs).await.into_iter().sum::<usize>(), 1);
    let all = restocks(&admin, "").await;
    assert_eq!((all.len(), &all[0]["product_id"]), (2, &json!(another)), "the newest comes first");
    let first = admin.ask("GET", "/restocks?limit=1&status=open").await.expect(200);
    let next = format!("/restocks?limit=1&status=open&cursor={}", first.text("/next_cursor"));
    assert_eq!(admin.ask("GET", &next).await.expect(200).items(), &all[1..]);
    admin.ask("GET", "/restocks?status=lost").await.expect(400);
}

/// A restock of 46 units for a product with 4; its path.
async fn opened(admin: &Client, product: &str) -> String {
    let run = admin.ask("POST", "/restocks/run").await.expect(200);
    let opened = run.body["opened"].as_array().unwrap().iter().find(|restock| restock["product_id"] == product);
    format!("/restocks/{}", opened.unwrap()["id"].as_str().unwrap())
}

async fn a_restock_is_received_once_and_its_units_are_on_hand_r45(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = product(&admin, 4).await;
    let path = opened(&admin, &product).await;
    let receive = format!("{path}/receive");
    let rivals = (0..10).map(|n| {
        let (admin, receive) = (admin.clone(), receive.clone());
        async move { admin.send_once(&n.to_string(), &receive, &json!({})).await }
    });
    let answers = at_once(rivals).await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|reply| reply.status == 200);
    assert_eq!((done.len(), done[0].text("/status"), &done[0].body["version"]), (1, "received", &json!(2)));
    for reply in refused {
        assert_eq!(reply.expect(409).kind(), "restock-closed");
    }
    let mut shown = admin.ask("GET", &path).await.expect(200).body;
    shown.as_object_mut().unwrap().remove("product");
    assert_eq!(shown, done[0].body);
    assert_eq!(admin.on_hand(&product).await, 50);
    let movement = &admin.all(&format!("/products/{product}/stock/movements")).await[0];
    assert_eq!((&movement["kind"], &movement["quantity"]), (&json!("restock"), &json!(46)));
    assert_eq!(movement["reference"], done[0].body["id"]);
    admin.ask("POST", &format!("{path}/cancel")).await.expect(409);
    admin.ask("POST", &format!("/restocks/{NOTHING}/receive")).await.expect(404);
    admin.ask("POST", "/restocks/one/receive").await.expect(400);
}

async fn receiving_a_quantity_closes_a_restock_r242(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = product(&admin, 4).await;
    let path = opened(&admin, &product).await;
    let receive = format!("{path}/receive");
    for bad in [json!(0), json!(-1), json!(1_000_000_001), json!(1.5), json!("3")] {
        let refused = admin.send("POST", &receive, &json!({ "quantity": bad })).await.expect(422);
        assert_eq!(refused.refused_fields(), ["quantity"], "{bad}");
    }
    let received = admin.send("POST", &receive, &json!({"quantity": 3})).await.expect(200);
    assert_eq!((received.text("/status"), &received.body["quantity"]), ("received", &json!(3)));
    assert_eq!(received.body["ordered_quantity"], 46);
    assert_eq!(admin.on_hand(&product).await, 7);
    let movement = &admin.all(&format!("/products/{product}/stock/movements")).await[0];
    assert_eq!((&movement["kind"], &movement["quantity"]), (&json!("restock"), &json!(3)));
    let audit = admin.all("/audit?resource=restock").await;
    let entry = audit.iter().find(|entry| entry["action"] == "restocks.receive").unwrap();
    assert!(entry.to_string().contains("\"quantity\":\"3\""), "{entry}");

    // Too few came, so that the next one opened at once.
    let more = format!("/restocks/{}", restocks(&admin, "?status=open").await[0]["id"].as_str().unwrap());
    assert_ne!(more, path);
    let received = admin.send("POST", &format!("{more}/receive"), &json!({"quantity": 100})).await.expect(200);
    assert_eq!((&received.body["quantity"], &received.body["ordered_quantity"]), (&json!(100), &json!(43)));
    assert_eq!(admin.on_hand(&product).await, 107);
    admin.send("POST", &receive, &json!({"quantity": 1})).await.expect(409);
}

async fn a_cancelled_restock_stays_cancelled_and_the_next_run_opens_another_r44_r45(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = product(&admin, 4).await;
    let path = opened(&admin, &product).await;
    let cancelled = admin.send_once("off", &format!("{path}/cancel"), &json!({})).await.expect(200);
    assert_eq!(cancelled.text("/status"), "cancelled");
    let again = admin.send_once("off", &format!("{path}/cancel"), &json!({})).await.expect(200);
    assert_eq!((again.header("idempotency-replayed").unwrap(), &again.body), ("true", &cancelled.body));
    let refused = admin.ask("POST", &format!("{path}/receive")).await.expect(409);
    assert!(refused.kind() == "restock-closed" && refused.text("/detail").contains("cancelled"), "{}", refused.body);
    assert_eq!(admin.on_hand(&product).await, 4);
    assert_ne!(opened(&admin, &product).await, path);
    assert_eq!(restocks(&admin, "?status=cancelled").await.len(), 1);
}

async fn due_restocks_are_received_automatically_and_once_by_any_number_of_servers_r45(database: TestDatabase) {
    let soon = [("STOREKEEPER__STOCK__AUTO_RECEIVE_AFTER", "1s")];
    let (one, two) = tokio::join!(
        Server::start_with(&database, &database.url, &soon),
        Server::start_with(&database, &database.url, &soon)
    );
    let admin = Client::admin(&one).await;
    let mut products = Vec::new();
    for _ in 0..5 {
        products.push(product(&admin, 10).await);
    }
    let buyer = Client::customer(&one, "buyer").await.at(&two);
    let order = order_of(&products.iter().map(String::as_str).collect::<Vec<_>>());
    buyer.send("POST", "/orders", &order).await.expect(201);
    assert_eq!(restocks(&admin, "").await.len(), 5);
    let began = Instant::now();
    until("received", async || restocks(&admin, "?status=received").await.len() == 5).await;
    assert!(began.elapsed() > Duration::from_millis(500), "received at once");
    tokio::time::sleep(Duration::from_secs(2)).await;
    for product in &products {
        assert_eq!(admin.on_hand(product).await, 50);
        let movements = admin.all(&format!("/products/{product}/stock/movements")).await;
        let kinds: Vec<_> = movements.iter().map(|movement| movement["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["restock", "sale", "initial"]);
    }
    let audit = admin.all("/audit").await;
    assert!(audit.iter().all(|entry| entry["resource"] != "restock"), "no administrator did it");
}
