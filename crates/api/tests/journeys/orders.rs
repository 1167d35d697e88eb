//! What happens to an order after it was placed.

use serde_json::{Value, json};
use testkit::{Client, NOTHING, Reply, Server, TestDatabase, at_once, on_every_database, order, order_of, shop};

on_every_database!(
    an_order_changes_status_only_as_the_table_allows_r66,
    a_status_change_sets_carrier_tracking_number_and_expected_delivery_r64_r66_r67,
    an_order_is_cancelled_by_its_owner_or_an_administrator_until_it_is_shipped_r65,
    one_of_a_concurrent_cancellation_and_shipment_succeeds_and_stock_is_right_r61_r65_r66,
    ten_concurrent_cancellations_return_the_stock_once_r61_r65,
    a_wrong_tracking_is_corrected_while_the_order_is_shipped_and_the_history_keeps_it,
    an_address_names_who_receives_the_parcel_and_has_a_postal_code_where_the_country_has_them,
    an_empty_optional_text_is_as_if_absent,
    an_order_is_edited_by_its_owner_or_staff_until_it_is_shipped_r138,
    an_address_where_the_order_would_be_priced_otherwise_is_refused_with_what_would_change_r138,
    an_order_of_an_erased_customer_takes_no_address_r138_r276,
);

const STATUSES: [&str; 5] = ["placed", "processing", "shipped", "delivered", "cancelled"];

async fn step(admin: &Client, order: &str, status: &str) -> Reply {
    admin.send("POST", &format!("/orders/{order}/status"), &json!({"status": status})).await
}

/// An order that has come this far.
async fn order_at(admin: &Client, buyer: &Client, product: &str, status: &str) -> String {
    let order = order(buyer, product).await;
    let way: &[&str] = match status {
        "processing" => &["processing"],
        "shipped" => &["processing", "shipped"],
        "delivered" => &["processing", "shipped", "delivered"],
        _ => &[],
    };
    for to in way {
        step(admin, &order, to).await.expect(200);
    }
    if status == "cancelled" {
        buyer.ask("POST", &format!("/orders/{order}/cancel")).await.expect(200);
    }
    order
}

async fn an_order_changes_status_only_as_the_table_allows_r66(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(100).await);
    for from in STATUSES {
        let next = match from {
            "placed" => Some("processing"),
            "processing" => Some("shipped"),
            "shipped" => Some("delivered"),
            _ => None,
        };
        for to in STATUSES {
            let order = order_at(&admin, &buyer, &product, from).await;
            let reply = step(&admin, &order, to).await;
            if next == Some(to) {
                assert_eq!(reply.expect(200).text("/status"), to);
                continue;
            }
            let refused = reply.expect(409);
            assert_eq!(refused.kind(), "order-step-not-allowed", "{from} to {to}");
            let allowed = format!("Allowed next: {}.", next.unwrap_or("nothing"));
            assert!(refused.text("/detail").contains(&allowed), "{from} to {to}: {}", refused.body);
            assert_eq!(admin.get(&format!("/orders/{order}")).await["status"], from);
        }
    }
    let order = order(&buyer, &product).await;
    assert_eq!(step(&admin, &order, "lost").await.expect(422).refused_fields(), ["status"]);
    step(&admin, NOTHING, "processing").await.expect(404);
    step(&buyer, &order, "processing").await.expect(403);
}

async fn a_status_change_sets_carrier_tracking_number_and_expected_delivery_r64_r66_r67(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(100).await);
    let order = order_at(&admin, &buyer, &product, "processing").await;
    let shipped = json!({
        "status": "shipped", "carrier": "Pigeon Post", "tracking_number": "PP-7", "expected_delivery": "2031-02-28",
        "note": "left the house",
    });
    let path = format!("/orders/{order}/status");
    let done = admin.send_once("ship", &path, &shipped).await.expect(200);
    assert_eq!((done.text("/status"), done.text("/expected_delivery")), ("shipped", "2031-02-28"));
    let again = admin.send_once("ship", &path, &shipped).await.expect(200);
    assert_eq!((again.header("idempotency-replayed").unwrap(), &again.body), ("true", &done.body));
    assert_eq!(admin.ask("GET", &format!("/orders/{order}")).await.etag(), done.etag());
    step(&admin, &order, "delivered").await.expect(200);

    let tracking = buyer.get(&format!("/orders/{order}/tracking")).await;
    assert_eq!((&tracking["carrier"], &tracking["tracking_number"]), (&json!("Pigeon Post"), &json!("PP-7")));
    assert_eq!(tracking["expected_delivery"], "2031-02-28");
    let history: Vec<_> = tracking["history"].as_array().unwrap().iter().collect();
    let steps: Vec<_> = history.iter().map(|step| step["status"].as_str().unwrap()).collect();
    assert_eq!(steps, ["placed", "processing", "shipped", "delivered"]);
    assert_eq!(history[2]["note"], "left the house");
    let bad = json!({"status": "shipped", "carrier": " ", "tracking_number": 7, "expected_delivery": "2031-02-30"});
    let faults = ["carrier", "expected_delivery", "tracking_number"];
    assert_eq!(admin.send("POST", &path, &bad).await.expect(422).refused_fields(), faults);
}

async fn an_order_is_cancelled_by_its_owner_or_an_administrator_until_it_is_shipped_r65(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (ann, bob) = (Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    let product = admin.product(10).await;
    for (who, from, allowed) in [
        (&ann, "placed", true),
        (&ann, "processing", true),
        (&admin, "placed", true),
        (&admin, "processing", true),
        (&ann, "shipped", false),
        (&admin, "delivered", false),
        (&ann, "cancelled", false),
    ] {
        let before = admin.on_hand(&product).await;
        let order = order_at(&admin, &ann, &product, from).await;
        let path = format!("/orders/{order}/cancel");
        bob.send("POST", &path, &json!({})).await.expect(404);
        let reply = who.send_once(&order, &path, &json!({"reason": "changed my mind"})).await;
        if !allowed {
            assert_eq!(reply.expect(409).kind(), "order-step-not-allowed", "{from}");
            continue;
        }
        let done = reply.expect(200);
        assert_eq!(done.text("/status"), "cancelled");
        let again = who.send_once(&order, &path, &json!({"reason": "changed my mind"})).await.expect(200);
        assert_eq!((again.header("idempotency-replayed").unwrap(), &again.body), ("true", &done.body));
        assert_eq!(admin.on_hand(&product).await, before, "stock comes back, once");
        let movement = &admin.all(&format!("/products/{product}/stock/movements")).await[0];
        assert_eq!((&movement["kind"], &movement["reference"]), (&json!("cancellation"), &json!(order)));
        let tracking = ann.get(&format!("/orders/{order}/tracking")).await;
        let last = tracking["history"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["status"], &last["note"]), (&json!("cancelled"), &json!("changed my mind")));
    }
    let order = order(&ann, &product).await;
    let long = json!({"reason": "x".repeat(501)});
    assert_eq!(
        ann.send("POST", &format!("/orders/{order}/cancel"), &long).await.expect(422).refused_fields(),
        ["reason"]
    );
}

async fn one_of_a_concurrent_cancellation_and_shipment_succeeds_and_stock_is_right_r61_r65_r66(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&one).await;
    let (buyer, product) = (Client::customer(&one, "buyer").await, admin.product(20).await);
    let mut shipped = 0;
    for _ in 0..20 {
        let order = order_at(&admin, &buyer, &product, "processing").await;
        let requests = [
            (buyer.clone(), format!("/orders/{order}/cancel"), json!({})),
            (admin.at(&two), format!("/orders/{order}/status"), json!({"status": "shipped"})),
        ];
        let rivals = requests.map(|(who, path, body)| async move { who.send("POST", &path, &body).await });
        let answers = at_once(rivals).await;
        let mut statuses = [answers[0].status, answers[1].status];
        let won = if statuses[0] == 200 { "cancelled" } else { "shipped" };
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{answers:?}");
        assert_eq!(admin.get(&format!("/orders/{order}")).await["status"], won);
        shipped += i64::from(won == "shipped");
    }
    assert_eq!(admin.on_hand(&product).await, 20 - shipped);
}

async fn ten_concurrent_cancellations_return_the_stock_once_r61_r65(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (a, b) = (admin.product(5).await, admin.product(5).await);
    let buyer = Client::customer(&server, "buyer").await;
    let order = buyer.send("POST", "/orders", &order_of(&[&a, &b])).await.expect(201).id();
    let cancel = (0..10).map(|_| {
        let (buyer, path) = (buyer.clone(), format!("/orders/{order}/cancel"));
        async move { buyer.send("POST", &path, &Value::Object(serde_json::Map::new())).await.status }
    });
    let mut answers = at_once(cancel).await;
    answers.sort_unstable();
    assert_eq!((answers[0], &answers[1..]), (200, &[409; 9][..]));
    assert_eq!((admin.on_hand(&a).await, admin.on_hand(&b).await), (5, 5));
}

async fn a_wrong_tracking_is_corrected_while_the_order_is_shipped_and_the_history_keeps_it(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(9).await);
    let order = order_at(&admin, &buyer, &product, "processing").await;
    let path = format!("/orders/{order}/tracking");
    let early = admin.send("PATCH", &path, &json!({"carrier": "DHL"})).await.expect(409);
    assert_eq!(early.kind(), "order-not-shipped");
    let shipped =
        json!({"status": "shipped", "carrier": "UPS", "tracking_number": "1Z-8", "expected_delivery": "2031-02-28"});
    admin.send("POST", &format!("/orders/{order}/status"), &shipped).await.expect(200);

    let before = admin.ask("GET", &path).await.expect(200);
    let correction =
        json!({"tracking_number": "1Z-9", "expected_delivery": "2031-03-01", "note": "A digit was wrong."});
    let corrected = admin.change("PATCH", &path, before.etag(), &correction).await.expect(200);
    assert_eq!((corrected.text("/carrier"), corrected.text("/tracking_number")), ("UPS", "1Z-9"));
    assert_eq!(corrected.text("/expected_delivery"), "2031-03-01");
    let history = corrected.at("/history").as_array().unwrap();
    let last = history.last().unwrap();
    assert_eq!((&last["status"], &last["note"]), (&json!("shipped"), &json!("A digit was wrong.")));
    let replaced = json!({"carrier": "UPS", "tracking_number": "1Z-8", "expected_delivery": "2031-02-28"});
    assert_eq!((last["replaced"].clone(), &history[0]["replaced"]), (replaced, &Value::Null));
    assert_eq!(buyer.get(&path).await, corrected.body);
    assert_eq!(admin.get(&format!("/orders/{order}")).await["expected_delivery"], "2031-03-01");

    admin.change("PATCH", &path, before.etag(), &json!({"carrier": "DHL"})).await.expect(412);
    let same = admin.change("PATCH", &path, corrected.etag(), &json!({"carrier": "UPS"})).await.expect(200);
    assert_eq!((same.etag(), &same.body), (corrected.etag(), &corrected.body), "nothing changes");
    let without = admin.send("PATCH", &path, &json!({"carrier": null, "tracking_number": ""})).await.expect(200);
    assert_eq!((without.at("/carrier"), without.at("/tracking_number")), (&Value::Null, &Value::Null));
    let bad = json!({"carrier": "x".repeat(101), "expected_delivery": null, "status": "delivered"});
    let refused = admin.send("PATCH", &path, &bad).await.expect(422);
    assert_eq!(refused.refused_fields(), ["carrier", "expected_delivery", "status"]);
    buyer.send("PATCH", &path, &json!({"carrier": "DHL"})).await.expect(403);
    let audit = admin.all(&format!("/audit?resource_id={order}")).await;
    let corrections = audit.iter().filter(|entry| entry["action"] == "orders.correct_tracking").count();
    assert_eq!(corrections, 2, "{audit:?}");
    step(&admin, &order, "delivered").await.expect(200);
    admin.send("PATCH", &path, &json!({"carrier": "DHL"})).await.expect(409);
    assert_eq!(buyer.get(&path).await["history"].as_array().unwrap().len(), 6);
}

async fn an_address_names_who_receives_the_parcel_and_has_a_postal_code_where_the_country_has_them(
    database: TestDatabase,
) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(9).await);
    let place = async |address: Value| {
        let mut body = order_of(&[&product]);
        body["shipping_address"] = address;
        buyer.send("POST", "/orders", &body).await
    };
    let hong_kong = json!({
        "name": "Chan Tai Man", "company": "Mugs Ltd", "phone": "+852 2345-6789", "line1": "1 Queen's Road", "city": "Central",
        "country": "HK",
    });
    let placed = place(hong_kong).await.expect(201);
    let kept = json!({
        "name": "Chan Tai Man", "company": "Mugs Ltd", "phone": "+85223456789", "line1": "1 Queen's Road", "line2": null,
        "city": "Central", "region": null, "postal_code": null, "country": "HK",
    });
    assert_eq!(placed.at("/shipping_address"), &kept);
    assert_eq!(buyer.get(&format!("/orders/{}", placed.id())).await["shipping_address"], kept);
    for country in ["AE", "IE", "PA"] {
        place(json!({"line1": "1 Street", "city": "Town", "postal_code": "", "country": country})).await.expect(201);
    }
    let dublin =
        place(json!({"line1": "1 Street", "city": "Dublin", "postal_code": "D02 AF30", "country": "IE"})).await;
    assert_eq!(dublin.expect(201).text("/shipping_address/postal_code"), "D02 AF30");
    for address in [
        json!({"line1": "1 Street", "city": "Bonn", "country": "DE"}),
        json!({"line1": "1 Street", "city": "Bonn", "postal_code": "", "country": "DE"}),
    ] {
        let refused = place(address).await.expect(422);
        assert_eq!(refused.faults(), [("shipping_address.postal_code", "required")]);
        assert_eq!(refused.text("/errors/0/message"), "is required in DE");
    }
    let bad =
        json!({"phone": "030 1234", "line1": "1 Street", "city": "Bonn", "postal_code": "53111", "country": "DE"});
    assert_eq!(place(bad).await.expect(422).refused_fields(), ["shipping_address.phone"]);
}

async fn an_empty_optional_text_is_as_if_absent(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(9).await);
    let mut body = order_of(&[&product]);
    body["note"] = json!("");
    body["shipping_address"] = json!({
        "name": "", "company": "", "phone": "", "line1": "1 Street", "line2": "", "city": "Bonn", "region": "",
        "postal_code": "53111", "country": "DE",
    });
    let order = buyer.send("POST", "/orders", &body).await.expect(201);
    assert_eq!(order.at("/note"), &Value::Null);
    for member in ["name", "company", "phone", "line2", "region"] {
        assert_eq!(order.at(&format!("/shipping_address/{member}")), &Value::Null, "{member}");
    }
    let path = format!("/orders/{}/status", order.id());
    let step =
        json!({"status": "processing", "carrier": "", "tracking_number": "", "expected_delivery": "", "note": ""});
    admin.send("POST", &path, &step).await.expect(200);
    let cancelled = buyer.send("POST", &format!("/orders/{}/cancel", order.id()), &json!({"reason": ""})).await;
    cancelled.expect(200);
    let history = buyer.get(&format!("/orders/{}/tracking", order.id())).await["history"].clone();
    assert!(history.as_array().unwrap().iter().all(|step| step["note"].is_null()), "{history}");

    let new = json!({"name": "Jug", "sku": "", "description": "", "price": {"amount": 1, "currency": "USD"}});
    let jug = admin.send("POST", "/products", &new).await.expect(201);
    assert_eq!((jug.at("/sku"), jug.text("/description")), (&Value::Null, ""), "a description may be empty");
    let path = format!("/products/{}", jug.id());
    assert_eq!(admin.send("PATCH", &path, &json!({"sku": "J-1"})).await.expect(200).text("/sku"), "J-1");
    assert_eq!(admin.send("PATCH", &path, &json!({"sku": ""})).await.expect(200).at("/sku"), &Value::Null);
    let required = json!({"name": "", "price": {"amount": 1, "currency": ""}});
    let refused = admin.send("POST", "/products", &required).await.expect(422);
    assert_eq!(refused.refused_fields(), ["name", "price.currency"]);
    assert_eq!(admin.send("PATCH", &path, &json!({"name": ""})).await.expect(422).refused_fields(), ["name"]);
}

/// An address in Bonn.
fn bonn(line1: &str) -> Value {
    json!({
        "name": null, "company": null, "phone": null, "line1": line1, "line2": null, "city": "Bonn", "region": null,
        "postal_code": "53111", "country": "DE",
    })
}

async fn an_order_is_edited_by_its_owner_or_staff_until_it_is_shipped_r138(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(9).await);
    let order = order(&buyer, &product).await;
    let path = format!("/orders/{order}");
    let before = buyer.ask("GET", &path).await.expect(200);
    let edit = json!({"shipping_address": bonn("1 Street"), "note": "Ring twice."});
    let edited = buyer.change("PATCH", &path, before.etag(), &edit).await.expect(200);
    assert_eq!((edited.at("/shipping_address"), edited.text("/note")), (&bonn("1 Street"), "Ring twice."));
    assert_eq!((edited.at("/totals"), edited.number("/version")), (before.at("/totals"), 2));
    assert_eq!(buyer.get(&path).await, edited.body);
    admin.change("PATCH", &path, before.etag(), &json!({"note": null})).await.expect(412);

    step(&admin, &order, "processing").await.expect(200);
    let moved =
        admin.send("PATCH", &path, &json!({"shipping_address": bonn("2 Street"), "note": null})).await.expect(200);
    assert_eq!((moved.at("/shipping_address"), moved.at("/note")), (&bonn("2 Street"), &Value::Null));
    let same =
        admin.change("PATCH", &path, moved.etag(), &json!({"shipping_address": bonn("2 Street")})).await.expect(200);
    assert_eq!((same.etag(), &same.body), (moved.etag(), &moved.body), "nothing changes");
    let history = buyer.get(&format!("{path}/tracking")).await["history"].clone();
    let parts: Vec<_> = history.as_array().unwrap().iter().map(|step| step["edited"].clone()).collect();
    let both = json!(["shipping_address", "note"]);
    assert_eq!(parts, [json!([]), both.clone(), json!([]), both]);
    let entries = admin.all(&format!("/audit?resource_id={order}")).await;
    let entry = entries.iter().find(|entry| entry["action"] == "orders.edit").unwrap();
    let log = entry.to_string();
    assert!(log.contains("shipping_address") && !log.contains("Street"), "the log says which part: {log}");

    let bad =
        json!({"shipping_address": {"line1": "1 Street", "city": "Bonn", "country": "DE"}, "note": 7, "status": "x"});
    let refused = admin.send("PATCH", &path, &bad).await.expect(422);
    assert_eq!(refused.refused_fields(), ["note", "shipping_address.postal_code", "status"]);
    let no_address = admin.send("PATCH", &path, &json!({"shipping_address": null})).await.expect(422);
    assert_eq!(no_address.refused_fields(), ["shipping_address"]);
    step(&admin, &order, "shipped").await.expect(200);
    for client in [&admin, &buyer] {
        let late = client.send("PATCH", &path, &json!({"note": "Too late."})).await.expect(409);
        assert_eq!(late.kind(), "order-not-editable");
        assert!(late.text("/detail").ends_with("this one is shipped."), "{}", late.text("/detail"));
    }
}

async fn an_address_where_the_order_would_be_priced_otherwise_is_refused_with_what_would_change_r138(
    database: TestDatabase,
) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(9).await);
    let (germany, austria) = (shop::zone(&admin, "Germany", "DE").await, shop::zone(&admin, "Austria", "AT").await);
    shop::method(&admin, "post", &germany, 490).await;
    shop::method(&admin, "post-at", &austria, 490).await;
    shop::rate(&admin, &germany, "standard", "DE19", 190_000).await;
    shop::rate(&admin, &austria, "standard", "AT20", 200_000).await;
    let mut purchase = order_of(&[&product]);
    purchase["shipping_address"] = bonn("1 Street");
    purchase["shipping_method"] = json!("post");
    let quote = buyer.send("POST", "/checkout/quote", &purchase).await.expect(200);
    purchase["expected_total"] = quote.at("/totals/total").clone();
    let placed = buyer.send("POST", "/orders", &purchase).await.expect(201);
    let path = format!("/orders/{}", placed.id());
    let vienna = json!({"line1": "1 Ring", "city": "Wien", "postal_code": "1010", "country": "AT"});
    for client in [&buyer, &admin] {
        let refused = client.send("PATCH", &path, &json!({"shipping_address": vienna})).await.expect(409);
        assert_eq!(refused.kind(), "address-changes-price");
        let why =
            "the shipping method post does not ship there; other taxes hold there, AT20 (20 %) instead of DE19 (19 %)";
        assert!(refused.text("/detail").contains(why), "{}", refused.text("/detail"));
    }
    assert_eq!(buyer.get(&path).await, placed.body, "nothing has changed");
    let mut berlin = bonn("1 Allee");
    berlin["city"] = json!("Berlin");
    berlin["postal_code"] = json!("10115");
    let moved = buyer.send("PATCH", &path, &json!({"shipping_address": berlin})).await.expect(200);
    assert_eq!((moved.at("/totals"), moved.at("/adjustments")), (placed.at("/totals"), placed.at("/adjustments")));
}

async fn an_order_of_an_erased_customer_takes_no_address_r138_r276(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (buyer, product) = (Client::customer(&server, "buyer").await, admin.product(9).await);
    let order = order(&buyer, &product).await;
    let path = format!("/orders/{order}");
    let customer = admin.get(&path).await["customer_id"].as_str().unwrap().to_owned();
    admin.ask("DELETE", &format!("/customers/{customer}")).await.expect(204);
    let refused = admin.send("PATCH", &path, &json!({"shipping_address": bonn("1 Street")})).await.expect(409);
    assert_eq!(refused.kind(), "order-not-editable");
    assert_eq!(admin.get(&path).await["shipping_address"], Value::Null);
}
