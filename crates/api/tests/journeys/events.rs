//! Other systems follow what happens in the shop.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use testkit::shop::make;
use testkit::{
    Client, Person, Server, TestDatabase, damage, documented, number, on_every_database, order, order_of, until,
};

on_every_database!(
    the_feed_tells_what_happened_once_and_in_order_r165_r166_r167,
    a_reader_that_waits_is_answered_as_soon_as_something_happens_r167,
    readers_that_wait_do_not_delay_a_stop_r167,
    an_import_writes_the_same_events_as_requests_r165_r231,
    the_feed_holds_nothing_of_a_person_r165,
    purged_events_are_gone_and_the_rest_can_be_read_r167_r174,
);

/// All events so far, checked: each fits its schema, and positions are 1, 2, 3 and so on.
async fn all(admin: &Client, database: &TestDatabase) -> Vec<Value> {
    until("numbered", async || number(database, "SELECT COUNT(*) FROM outbox").await == 0).await;
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = admin.ask("GET", &format!("/events?after={after}&limit=7")).await.expect(200);
        for event in page.items() {
            events.push(event.clone());
            assert_eq!(event["position"], events.len(), "{event}");
            documented::check_event(event);
        }
        after = page.number("/next_after");
        if page.items().is_empty() {
            assert_eq!(usize::try_from(after).unwrap(), events.len());
            return events;
        }
    }
}

/// The types of the events of a stream.
fn of_stream(events: &[Value], stream: &str) -> Vec<String> {
    let of_it = events.iter().filter(|event| event["stream"] == stream);
    of_it.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

async fn the_feed_tells_what_happened_once_and_in_order_r165_r166_r167(database: TestDatabase) {
    let settings = [("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true")];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let policy = json!({"restock_threshold": 4, "restock_target": 9});
    admin.send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    let (sent, undone) = (order(&ann.client, &product).await, order(&ann.client, &product).await);
    let paid = admin.send("POST", &format!("/orders/{sent}/payments"), &json!({"provider": "test"})).await.expect(201);
    for status in ["processing", "shipped"] {
        admin.send("POST", &format!("/orders/{sent}/status"), &json!({"status": status})).await.expect(200);
    }
    let tracking = json!({"tracking_number": "JD0146000034"});
    admin.send("PATCH", &format!("/orders/{sent}/tracking"), &tracking).await.expect(200);
    let refund = json!({"amount": {"amount": 250, "currency": "USD"}, "reason": "damaged"});
    admin.send("POST", &format!("/orders/{sent}/refunds"), &refund).await.expect(201);
    ann.client.send("POST", &format!("/orders/{undone}/cancel"), &json!({})).await.expect(200);
    let restock = admin.all("/restocks").await[0]["id"].as_str().unwrap().to_owned();
    admin.ask("POST", &format!("/restocks/{restock}/receive")).await.expect(200);
    admin.send("PATCH", &format!("/products/{product}"), &json!({"name": "Cup"})).await.expect(200);
    admin.send("PATCH", &format!("/products/{product}"), &json!({"name": "Cup"})).await.expect(200);
    admin.ask("DELETE", &format!("/products/{product}")).await.expect(204);

    let events = all(&admin, &database).await;
    let of_order = [
        "order.placed",
        "payment.captured",
        "order.paid",
        "order.status_changed",
        "order.status_changed",
        "order.updated",
        "refund.created",
        "refund.succeeded",
    ];
    let mut found = of_stream(&events, &sent);
    found.retain(|event_type| event_type != "order.payment_pending");
    assert_eq!(found, of_order);
    assert_eq!(of_stream(&events, &undone), ["order.placed", "order.cancelled"]);
    let of_product = [
        "product.created",
        "stock.below_threshold",
        "restock.opened",
        "restock.received",
        "product.updated",
        "product.deleted",
    ];
    assert_eq!(of_stream(&events, &product), of_product);
    assert_eq!(of_stream(&events, &ann.customer), ["customer.created"]);
    let with = |wanted: &str| &events.iter().find(|event| event["type"] == wanted).unwrap()["data"];
    assert_eq!(with("payment.captured")["payment_id"], paid.body["id"]);
    assert_eq!(with("order.paid")["captured"], json!({"amount": 1250, "currency": "USD"}));
    assert_eq!(with("order.status_changed")["from"], "placed");
    assert_eq!(with("stock.below_threshold")["on_hand"], 3);

    let some = admin.ask("GET", &format!("/events?types=refund.*,order.updated&stream={sent}")).await.expect(200);
    let types: Vec<_> = some.items().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["order.updated", "refund.created", "refund.succeeded"]);
    assert_eq!(usize::try_from(some.number("/next_after")).unwrap(), events.len());
    let doctor = testkit::well(&database, &["doctor"]).await;
    assert!(!doctor.contains("positions"), "{doctor}");
}

async fn an_import_writes_the_same_events_as_requests_r165_r231(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let known =
        make(&admin, "products", &json!({"name": "Mug", "price": {"amount": 100, "currency": "USD"}, "sku": "MUG"}))
            .await
            .id();
    let file = "sku,name,price,tag\nMUG,,,sale\nCUP,Cup,200,\n";
    let upload = admin.request(Method::POST, "/imports").header("content-type", "text/csv").body(file);
    let made: Value = upload.send().await.unwrap().json().await.unwrap();
    let import = format!("/imports/{}", made["id"].as_str().unwrap());
    let is = async |status| admin.get(&import).await["status"] == status;
    until("checked", async || is("checked").await).await;
    admin.send("POST", &format!("{import}/start"), &json!({})).await.expect(202);
    until("done", async || is("done").await).await;
    let events = all(&admin, &database).await;
    assert_eq!(of_stream(&events, &known), ["product.created", "product.updated"]);
    let product = admin.get(&format!("/products/{known}")).await;
    assert_eq!(events.last().map(|event| &event["type"]).unwrap(), "product.created", "{events:?}");
    let updated = events.iter().find(|event| event["type"] == "product.updated").unwrap();
    assert_eq!(updated["data"]["version"], product["version"]);
}

async fn a_reader_that_waits_is_answered_as_soon_as_something_happens_r167(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&one).await;
    let product = admin.product(50).await;
    let buyer = Client::customer(&one, "buyer").await;
    let mut after = i64::try_from(all(&admin, &database).await.len()).unwrap();
    // The reader is at the server where it happens, and at another one.
    for server in [&one, &two] {
        let reader = admin.at(server);
        let asked = format!("/events?after={after}&types=order.*&wait=25");
        let waiting = tokio::spawn(async move { reader.ask("GET", &asked).await.expect(200) });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!waiting.is_finished(), "nothing has happened");
        // What is not wanted does not end the wait.
        admin.product(1).await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(!waiting.is_finished(), "something else has happened");
        let began = Instant::now();
        let placed = order(&buyer, &product).await;
        let reply = waiting.await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        assert_eq!(reply.items()[0]["stream"], json!(placed));
        after = reply.number("/next_after");
    }
}

async fn readers_that_wait_do_not_delay_a_stop_r167(database: TestDatabase) {
    let mut server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let ask = admin.request(Method::GET, "/events?after=0&wait=25&types=dispute.*");
            tokio::spawn(async move { ask.send().await.unwrap().json::<Value>().await.unwrap() })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = Instant::now();
    server.signal("TERM").await;
    for reader in waiting {
        assert_eq!(reader.await.unwrap()["items"], json!([]));
    }
    assert_eq!(server.exit_code().await, Some(0));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

async fn the_feed_holds_nothing_of_a_person_r165(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let ann = Person::new(&server, &admin, "annabel", "customer").await;
    let place = json!({
        "items": order_of(&[&product])["items"],
        "note": "Ring twice",
        "shipping_address": {"name": "Annabel Someone", "line1": "1 Secret St", "city": "Hiddenville",
            "postal_code": "SW1A 1AA", "country": "GB", "phone": "+14155550199"},
    });
    let placed = ann.client.send("POST", "/orders", &place).await.expect(201).id();
    ann.client.send("POST", &format!("/orders/{placed}/cancel"), &json!({"reason": "Moving away"})).await.expect(200);
    admin.ask("DELETE", &ann.customer()).await.expect(204);
    let events = all(&admin, &database).await;
    assert_eq!(of_stream(&events, &ann.customer), ["customer.created", "customer.erased"]);
    assert_eq!(of_stream(&events, &placed), ["order.placed", "order.cancelled"]);
    let text = Value::Array(events).to_string().to_lowercase();
    // None of them could be a part of an id or of a time by chance.
    for word in ["annabel", "ring twice", "secret", "hiddenville", "sw1a 1aa", "+1415", "moving", "example.com"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

async fn purged_events_are_gone_and_the_rest_can_be_read_r167_r174(database: TestDatabase) {
    let settings = [("STOREKEEPER__HOUSEKEEPING__EVERY", "1s"), ("STOREKEEPER__EVENTS__KEEP_FOR", "1d")];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let admin = Client::admin(&server).await;
    for _ in 0..4 {
        admin.product(1).await;
    }
    assert_eq!(all(&admin, &database).await.len(), 4);
    damage(&database, &["UPDATE events SET at = 1 WHERE position < 3"]).await;
    until("purged", async || number(&database, "SELECT COUNT(*) FROM events").await == 2).await;
    for after in [0, 1] {
        let gone = admin.ask("GET", &format!("/events?after={after}&wait=25")).await.expect(410);
        assert_eq!((gone.kind(), gone.number("/oldest")), ("events-gone", 3));
    }
    let rest = admin.ask("GET", "/events?after=2").await.expect(200);
    let positions: Vec<_> = rest.items().iter().map(|event| event["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, [3, 4]);
    damage(&database, &["UPDATE events SET at = 1"]).await;
    until("purged", async || number(&database, "SELECT COUNT(*) FROM events").await == 0).await;
    assert_eq!(admin.ask("GET", "/events?after=3").await.expect(410).number("/oldest"), 5);
    assert_eq!(admin.ask("GET", "/events?after=4").await.expect(200).number("/next_after"), 4);
    admin.product(1).await;
    let next = admin.ask("GET", "/events?after=4&wait=25").await.expect(200);
    assert_eq!(next.items()[0]["position"], 5, "a position is given once");
}
