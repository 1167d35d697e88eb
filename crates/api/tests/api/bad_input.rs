//! What a client should not send, and that nothing comes of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::{App, Customer, spawn};

struct Shop {
    app: App,
    ann: Customer,
    lamp: String,
}

impl Shop {
    async fn open() -> Self {
        let app = spawn().await;
        let ann = app.customer("ann").await;
        let lamp = app.product("Lamp", 1999, 5).await;
        Self { app, ann, lamp }
    }

    /// Everything that a bad request could have changed.
    async fn snapshot(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for path in ["/api/v1/products?limit=100", "/api/v1/stock?limit=100", "/api/v1/orders?limit=100"] {
            all.push(self.app.get(path).token(&self.app.admin).send().await.expect(200).body);
        }
        all.push(self.app.get("/api/v1/cart").token(&self.ann.token).send().await.expect(200).body);
        all
    }
}

#[tokio::test]
async fn broken_json_is_a_400_with_the_position_and_without_the_content_r30_r51_r60() {
    let shop = Shop::open().await;
    let before = shop.snapshot().await;
    let deep = "[".repeat(100_000);
    let deep_object = format!("{{\"note\":{deep}");
    let broken: [(&str, &[u8]); 10] = [
        ("empty", b""),
        ("cut", b"{\"name\":"),
        ("bare word", b"{\"name\":hunter2}"),
        ("comma", b"{\"name\":\"x\",}"),
        ("trailing", b"{} hunter2"),
        ("not utf-8", b"{\"name\":\"\xff\xfe\"}"),
        ("half a surrogate", b"{\"name\":\"\\ud800\"}"),
        ("twice", b"{\"name\":\"a\",\"name\":\"b\"}"),
        ("deep", deep.as_bytes()),
        ("deep within", deep_object.as_bytes()),
    ];
    for (what, body) in broken {
        for path in ["/api/v1/products", "/api/v1/orders", "/api/v1/cart/items"] {
            if what == "empty" && path.ends_with("orders") {
                // No field of an order must be given.
                continue;
            }
            let token = if path.ends_with("products") { &shop.app.admin } else { &shop.ann.token };
            let reply = shop.app.post(path).token(token).raw(body.to_vec()).send().await.expect(400);
            assert_eq!(reply.kind(), "malformed-json", "{what}");
            let detail = reply.text("/detail");
            assert!(detail.contains("line ") || detail.contains("byte "), "{what}: {detail}");
            assert!(!detail.contains("hunter2"), "{detail}");
        }
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn json_other_than_an_object_is_a_422_r30_r60() {
    let shop = Shop::open().await;
    for body in ["[]", "null", "1", "\"x\"", "true"] {
        shop.app.post("/api/v1/products").token(&shop.app.admin).raw(body).send().await.expect(422);
        shop.app.post("/api/v1/orders").token(&shop.ann.token).raw(body).send().await.expect(422);
    }
}

#[tokio::test]
async fn a_bad_quantity_is_refused_everywhere_r51_r52_r60() {
    let shop = Shop::open().await;
    let before = shop.snapshot().await;
    let bad = [
        ("0", "too_small"),
        ("-1", "too_small"),
        ("1000", "too_large"),
        ("1.5", "wrong_type"),
        ("1e-2", "wrong_type"),
        ("1e3", "too_large"),
        ("\"2\"", "wrong_type"),
        ("true", "wrong_type"),
        ("[1]", "wrong_type"),
        ("null", "required"),
        ("9223372036854775808", "too_large"),
        ("-9223372036854775809", "too_small"),
        ("1e30", "too_large"),
    ];
    for (quantity, code) in bad {
        let item = format!("{{\"product_id\":\"{}\",\"quantity\":{quantity}}}", shop.lamp);
        let add = shop.app.post("/api/v1/cart/items").token(&shop.ann.token).raw(item.clone()).send().await;
        assert_eq!(add.expect(422).faults(), [("quantity", code)], "{quantity}");
        let path = format!("/api/v1/cart/items/{}", shop.lamp);
        // Nothing is a quantity to set: it takes the line away, and there is none.
        let set = shop.app.patch(&path).token(&shop.ann.token).raw(format!("{{\"quantity\":{quantity}}}")).send().await;
        match quantity {
            "0" => assert_eq!(set.expect(404).kind(), "not-found"),
            _ => assert_eq!(set.expect(422).faults(), [("quantity", code)], "{quantity}"),
        }
        let order = format!("{{\"items\":[{item}]}}");
        let order = shop.app.post("/api/v1/orders").token(&shop.ann.token).raw(order).send().await;
        assert_eq!(order.expect(422).faults(), [("items[0].quantity", code)], "{quantity}");
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn control_characters_and_overlong_texts_are_refused_r35_r60() {
    let shop = Shop::open().await;
    let before = shop.snapshot().await;
    for (field, value, code) in [
        ("name", "La\u{0}mp".to_owned(), "format"),
        ("name", "La\u{1b}mp".to_owned(), "format"),
        ("name", "x".repeat(100_000), "too_long"),
        ("sku", "S\n1".to_owned(), "format"),
        ("description", "a\u{0}b".to_owned(), "format"),
    ] {
        let mut body = json!({ "name": "Lamp", "price": { "amount": 1, "currency": "USD" } });
        body[field] = json!(value);
        let reply = shop.app.post("/api/v1/products").token(&shop.app.admin).json(&body).send().await.expect(422);
        assert_eq!(reply.faults(), [(field, code)]);
    }
    for note in ["a\u{0}b".to_owned(), "n".repeat(501)] {
        let body = json!({ "note": note, "items": [{ "product_id": shop.lamp, "quantity": 1 }] });
        shop.app.post("/api/v1/orders").token(&shop.ann.token).json(&body).send().await.expect(422);
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn unknown_fields_and_wrong_types_are_all_named_r30() {
    let shop = Shop::open().await;
    let body = json!({ "name": 7, "price": { "amount": "1", "currency": 7, "cents": 1 }, "sku": ["s"], "description": {}, "initial_stock": "5", "id": "x", "status": 7 });
    let reply = shop.app.post("/api/v1/products").token(&shop.app.admin).json(&body).send().await.expect(422);
    let expected = [
        ("description", "wrong_type"),
        ("id", "unknown_field"),
        ("initial_stock", "wrong_type"),
        ("name", "wrong_type"),
        ("price.amount", "wrong_type"),
        ("price.cents", "unknown_field"),
        ("price.currency", "wrong_type"),
        ("sku", "wrong_type"),
        ("status", "wrong_type"),
    ];
    assert_eq!(reply.faults(), expected);
}

#[tokio::test]
async fn a_flood_of_bad_fields_gets_a_short_answer_r30() {
    let shop = Shop::open().await;
    let fields: Vec<_> = (0..20_000).map(|n| format!("\"f{n}\":0")).collect();
    let body = format!("{{{}}}", fields.join(","));
    let reply = shop.app.post("/api/v1/products").token(&shop.app.admin).raw(body).send().await.expect(422);
    assert!(reply.bytes.len() < 32 * 1024);
    let long = format!("{{\"{}\":0}}", "x".repeat(200_000));
    let reply = shop.app.post("/api/v1/products").token(&shop.app.admin).raw(long).send().await.expect(422);
    assert!(reply.bytes.len() < 4 * 1024);
}

#[tokio::test]
async fn sums_at_the_edge_are_exact_r50_r60() {
    let shop = Shop::open().await;
    let dear = shop.app.product("Dear", 1_000_000_000_000, 999).await;
    shop.app.put_in_cart(&shop.ann, &dear, 999).await;
    let cart = shop.app.get("/api/v1/cart").token(&shop.ann.token).send().await.expect(200);
    assert_eq!(cart.number("/subtotal/amount"), 999_000_000_000_000);
    let order = shop.app.post("/api/v1/orders").token(&shop.ann.token).json(&json!({})).send().await.expect(201);
    assert_eq!(order.number("/total/amount"), 999_000_000_000_000);
    let over = "{\"name\":\"Lamp\",\"price\":{\"amount\":9223372036854775808,\"currency\":\"USD\"}}";
    let reply = shop.app.post("/api/v1/products").token(&shop.app.admin).raw(over).send().await.expect(422);
    assert_eq!(reply.faults(), [("price.amount", "too_large")]);
}

#[tokio::test]
async fn a_body_of_20_mb_is_refused_promptly_r30() {
    let shop = Shop::open().await;
    let before = shop.snapshot().await;
    let start = Instant::now();
    let body = vec![b' '; 20 * 1024 * 1024];
    let reply = shop.app.post("/api/v1/products").token(&shop.app.admin).raw(body).send().await.expect(413);
    assert_eq!(reply.kind(), "body-too-large");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    let just_too_large = vec![b' '; 256 * 1024 + 1];
    shop.app.post("/api/v1/products").token(&shop.app.admin).raw(just_too_large).send().await.expect(413);
    let largest = vec![b' '; 256 * 1024];
    shop.app.post("/api/v1/products").token(&shop.app.admin).raw(largest).send().await.expect(400);
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn sql_in_a_query_parameter_is_only_text_r31_r62() {
    let shop = Shop::open().await;
    let before = shop.snapshot().await;
    for query in ["status=active'%20OR%201=1", "cursor='%3B%20DROP%20TABLE%20products%3B--", "limit=1%3B"] {
        shop.app.get(&format!("/api/v1/products?{query}")).token(&shop.app.admin).send().await.expect(400);
    }
    let body = json!({ "name": "Robert'); DROP TABLE products;--", "price": { "amount": 1, "currency": "USD" } });
    let made = shop.app.post("/api/v1/products").token(&shop.app.admin).json(&body).send().await.expect(201);
    assert_eq!(made.text("/name"), "Robert'); DROP TABLE products;--");
    assert_eq!(shop.snapshot().await[2], before[2]);
}

#[tokio::test]
async fn a_whole_number_may_have_a_zero_fraction_r51() {
    let shop = Shop::open().await;
    for (quantity, units) in [("2", 2), ("3.0", 3), ("1e1", 10)] {
        let path = format!("/api/v1/cart/items/{}", shop.lamp);
        let body = format!("{{\"quantity\":{quantity}}}");
        shop.app.put_in_cart(&shop.ann, &shop.lamp, 1).await;
        let set = shop.app.patch(&path).token(&shop.ann.token).raw(body).send().await.expect(200);
        assert_eq!(set.number("/item_count"), units, "{quantity}");
    }
}

#[tokio::test]
async fn a_time_beyond_the_calendar_is_a_400_and_no_crash_r62() {
    let app = spawn().await;
    let orders = |time| app.get(&format!("/api/v1/orders?placed_before={time}")).token(&app.admin).send();
    assert_eq!(orders("9999-12-31T23:59:59-23:59").await.expect(400).faults(), [("placed_before", "format")]);
    assert_eq!(orders("0000-01-01T00:00:00%2B23:59").await.expect(200).items().len(), 0);
}
