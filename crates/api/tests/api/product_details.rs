//! Barcodes, prices for comparison, drafts, the history of prices, and products that are for sale for a time.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Reply, spawn, usd};

const PATH: &str = "/api/v1/products";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

async fn patch(app: &App, made: &Reply, body: &Value) -> Reply {
    app.patch(&path(made)).token(&app.admin).json(body).send().await
}

fn path(made: &Reply) -> String {
    format!("{PATH}/{}", made.text("/id"))
}

/// The names of the products that a list has.
async fn listed(app: &App, query: &str) -> Vec<String> {
    let list = app.get(&format!("{PATH}?{query}")).token(&app.admin).send().await.expect(200);
    list.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_product_has_a_barcode_in_its_shortest_form_and_is_found_by_it_r209() {
    let app = spawn().await;
    let body = json!({ "name": "Mug", "price": usd(500), "barcode": "0000096385074" });
    let made = create(&app, &body).await.expect(201);
    assert_eq!(made.text("/barcode"), "96385074");
    let read = app.get(&path(&made)).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, made.header("etag")));
    create(&app, &json!({ "name": "Pot", "price": usd(1), "barcode": "4006381333931" })).await.expect(201);

    assert_eq!(listed(&app, "barcode=00000096385074").await, ["Mug"]);
    assert_eq!(listed(&app, "barcode=96385074&barcode=4006381333931").await, ["Mug", "Pot"]);
    assert_eq!(listed(&app, "barcode=036000291452").await, Vec::<String>::new());
    let bad = app.get(&format!("{PATH}?barcode=96385075")).token(&app.admin).send().await.expect(400);
    assert_eq!(bad.faults(), [("barcode", "format")]);

    let again = create(&app, &json!({ "name": "Cup", "price": usd(1), "barcode": "96385074" })).await.expect(409);
    assert_eq!((again.kind(), again.faults()), ("duplicate", vec![("barcode", "duplicate")]));
    let wrong = create(&app, &json!({ "name": "Cup", "price": usd(1), "barcode": "4006381333937" })).await.expect(422);
    assert_eq!(wrong.faults(), [("barcode", "format")]);
    assert!(wrong.text("/errors/0/message").contains("it must be 1"), "{}", wrong.body);
    let bare = patch(&app, &made, &json!({ "barcode": null })).await.expect(200);
    assert_eq!((bare.at("/barcode"), bare.number("/version")), (&Value::Null, 2));
}

#[tokio::test]
async fn a_price_for_comparison_is_above_the_price_and_gives_a_discount_r214() {
    let app = spawn().await;
    let body = |compare_at: i64| json!({ "name": "Mug", "price": usd(1999), "compare_at_price": usd(compare_at) });
    for not_above in [1999, 1998, 0] {
        let refused = create(&app, &body(not_above)).await.expect(422);
        assert_eq!(refused.faults(), [("compare_at_price", "too_small")]);
    }
    let other = json!({ "name": "Mug", "price": usd(1), "compare_at_price": { "amount": 5, "currency": "EUR" } });
    assert_eq!(create(&app, &other).await.expect(422).faults(), [("compare_at_price.currency", "currency")]);

    let made = create(&app, &body(2500)).await.expect(201);
    assert_eq!((made.at("/compare_at_price"), made.number("/discount_percent")), (&usd(2500), 20));
    let refused = patch(&app, &made, &json!({ "price": usd(2500) })).await.expect(422);
    assert_eq!(refused.faults(), [("price", "too_large")]);
    let both = json!({ "price": usd(2500), "compare_at_price": usd(5000) });
    assert_eq!(patch(&app, &made, &both).await.expect(200).number("/discount_percent"), 50);
    create(&app, &json!({ "name": "Pot", "price": usd(1) })).await.expect(201);
    assert_eq!(listed(&app, "on_sale=true").await, ["Mug"]);
    assert_eq!(listed(&app, "on_sale=false&sort=price").await, ["Pot"]);
    let ended = patch(&app, &made, &json!({ "compare_at_price": null })).await.expect(200);
    assert_eq!((ended.at("/compare_at_price"), ended.at("/discount_percent")), (&Value::Null, &Value::Null));
    assert_eq!(listed(&app, "on_sale=true").await, Vec::<String>::new());
}

#[tokio::test]
async fn every_price_that_ever_was_is_listed_newest_first_r215() {
    let app = spawn().await;
    let made = create(&app, &json!({ "name": "Mug", "price": usd(1000) })).await.expect(201);
    patch(&app, &made, &json!({ "price": usd(1200) })).await.expect(200);
    patch(&app, &made, &json!({ "name": "Cup" })).await.expect(200);
    let reduced = json!({ "price": usd(900), "compare_at_price": usd(1200) });
    let reduced = patch(&app, &made, &reduced).await.expect(200);
    assert_eq!(reduced.at("/lowest_price_30d"), &usd(1000));
    let further = patch(&app, &made, &json!({ "price": usd(800) })).await.expect(200);
    assert_eq!(further.at("/lowest_price_30d"), &usd(1000), "a further reduction keeps it");

    let path = format!("{}/prices", path(&made));
    let all = app.get(&path).token(&app.admin).send().await.expect(200);
    let shown = |item: &Value| (item["price"].clone(), item["compare_at_price"].clone());
    let all: Vec<_> = all.items().iter().map(shown).collect();
    let expected = [(usd(800), usd(1200)), (usd(900), usd(1200)), (usd(1200), Value::Null), (usd(1000), Value::Null)];
    assert_eq!(all, expected);
    let first = app.get(&format!("{path}?limit=3")).token(&app.admin).send().await.expect(200);
    let next = format!("{path}?limit=3&cursor={}", first.text("/next_cursor"));
    assert_eq!(app.get(&next).token(&app.admin).send().await.expect(200).items().len(), 1);

    let unknown = format!("{PATH}/01890000-0000-7000-8000-000000000000/prices");
    app.get(&unknown).token(&app.admin).send().await.expect(404);
    let ann = app.customer("ann").await;
    app.get(&path).token(&ann.token).send().await.expect(403);
}

#[tokio::test]
async fn a_draft_is_seen_by_administrators_only_and_cannot_be_bought_r209() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let body = json!({ "name": "Mug", "price": usd(1000), "status": "draft", "initial_stock": 5 });
    let draft = create(&app, &body).await.expect(201);
    assert_eq!(draft.text("/status"), "draft");
    app.get(&path(&draft)).token(&ann.token).send().await.expect(404);
    assert_eq!(listed(&app, "status=draft").await, ["Mug"]);
    let list = app.get(PATH).token(&ann.token).send().await.expect(200);
    assert!(list.items().is_empty());
    let item = json!({ "product_id": draft.text("/id"), "quantity": 1 });
    app.post("/api/v1/cart/items").token(&ann.token).json(&item).send().await.expect(422);
    patch(&app, &draft, &json!({ "status": "active" })).await.expect(200);
    app.get(&path(&draft)).token(&ann.token).send().await.expect(200);
    app.post("/api/v1/cart/items").token(&ann.token).json(&item).send().await.expect(200);
}

/// A time so many seconds from now, as requests have it.
fn from_now(seconds: i64) -> String {
    let time = time::OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
    time.format(&time::format_description::well_known::Rfc3339).unwrap()
}

/// Waits until a product has a status, up to 20 seconds.
async fn becomes(app: &App, path: &str, status: &str) {
    for _ in 0..200 {
        if app.get(path).token(&app.admin).send().await.expect(200).text("/status") == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} did not become {status}");
}

#[tokio::test]
async fn a_product_is_for_sale_from_its_time_on_and_until_its_end_r216() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let body = json!({
        "name": "Mug", "price": usd(1000), "initial_stock": 5, "available_from": from_now(3600), "available_until": from_now(7200),
    });
    let made = create(&app, &body).await.expect(201);
    assert_eq!(made.text("/status"), "scheduled");
    let path = path(&made);
    app.get(&path).token(&ann.token).send().await.expect(404);
    let read = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, made.header("etag")));

    patch(&app, &made, &json!({ "available_from": from_now(1) })).await.expect(200);
    becomes(&app, &path, "active").await;
    let seen = app.get(&path).token(&ann.token).send().await.expect(200);
    assert!(seen.body.get("available_from").is_none(), "customers do not see its times");
    let item = json!({ "product_id": made.text("/id"), "quantity": 1 });
    app.post("/api/v1/cart/items").token(&ann.token).json(&item).send().await.expect(200);

    patch(&app, &made, &json!({ "available_until": from_now(2) })).await.expect(200);
    becomes(&app, &path, "archived").await;
    app.get(&path).token(&ann.token).send().await.expect(404);
    let cart = app.get("/api/v1/cart").token(&ann.token).send().await.expect(200);
    assert_eq!(cart.at("/items/0/in_stock"), &json!(false));
    let audit = app.get("/api/v1/audit?resource=product").token(&app.admin).send().await.expect(200);
    let by_server = audit.items().iter().filter(|entry| entry["action"] == "products.schedule").count();
    assert_eq!(by_server, 2);
}

#[tokio::test]
async fn times_that_do_not_go_together_are_refused_by_field_r216() {
    let app = spawn().await;
    let product = |more: &Value| {
        let mut body = json!({ "name": "Mug", "price": usd(1000) });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (given, field) in [
        (json!({ "available_from": from_now(60), "available_until": from_now(50) }), "available_until"),
        (json!({ "available_until": from_now(-1) }), "available_until"),
        (json!({ "status": "scheduled" }), "status"),
        (json!({ "available_from": "tomorrow" }), "available_from"),
    ] {
        let refused = create(&app, &product(&given)).await.expect(422);
        assert_eq!(refused.faults()[0].0, field, "{given}");
    }
    let made = create(&app, &product(&json!({ "status": "draft", "available_until": from_now(-1) }))).await.expect(201);
    let refused = patch(&app, &made, &json!({ "status": "active" })).await.expect(422);
    assert_eq!(refused.faults(), [("status", "too_small")]);
    let later = patch(&app, &made, &json!({ "status": "active", "available_until": null })).await.expect(200);
    assert_eq!(later.text("/status"), "active");
    let waits = patch(&app, &made, &json!({ "available_from": from_now(60) })).await.expect(200);
    assert_eq!(waits.text("/status"), "scheduled");
    assert_eq!(patch(&app, &made, &json!({ "available_from": null })).await.expect(200).text("/status"), "active");
}
