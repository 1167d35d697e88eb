use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use testkit::{Client, JWT_SECRET, Reply, Server, TestDatabase, damage, product, registration, spawn};

#[tokio::test]
async fn a_repeated_request_gives_the_same_response_r30() {
    let app = spawn().await;
    let create = || app.post("/api/v1/products").token(&app.admin).key("k-1").json(&product("Lamp", 1, 1)).send();
    let (first, second) = (create().await.expect(201), create().await.expect(201));
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(first.bytes, second.bytes);
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(first.header(name), second.header(name), "{name}");
    }
    let list = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(list.items().len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused_r30() {
    let app = spawn().await;
    let lamp = app.product("Lamp", 1, 1).await;
    let create = |name: &str| app.post("/api/v1/products").token(&app.admin).key("k").json(&product(name, 1, 1)).send();
    create("Chair").await.expect(201);
    assert_eq!(create("Rug").await.expect(422).kind(), "idempotency-key-reused");
    let path = format!("/api/v1/products/{lamp}/stock/adjustments");
    let body = json!({ "quantity": 1, "reason": "x" });
    app.post(&path).token(&app.admin).key("k").json(&body).send().await.expect(422);
    assert_eq!(app.on_hand(&lamp).await, 1);
}

#[tokio::test]
async fn a_key_belongs_to_one_account_r51() {
    let app = spawn().await;
    let lamp = app.product("Lamp", 1, 9).await;
    let body = json!({ "product_id": lamp, "quantity": 1 });
    for name in ["ann", "bob"] {
        let who = app.customer(name).await;
        let reply = app.post("/api/v1/cart/items").token(&who.token).key("k").json(&body).send().await.expect(200);
        assert_eq!(reply.header("idempotency-replayed"), None);
    }
}

#[tokio::test]
async fn a_refusal_is_not_stored_so_the_request_can_be_sent_again_r60() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let order = || app.post("/api/v1/orders").token(&ann.token).key("k").json(&json!({})).send();
    order().await.expect(409);
    let lamp = app.product("Lamp", 1, 1).await;
    app.put_in_cart(&ann, &lamp, 1).await;
    assert_eq!(order().await.expect(201).header("idempotency-replayed"), None);
    assert_eq!(order().await.expect(201).header("idempotency-replayed"), Some("true"));
}

#[tokio::test]
async fn ten_concurrent_requests_with_one_key_place_one_order_r60_r61() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1, 50).await;
    let body = json!({ "items": [{ "product_id": lamp, "quantity": 1 }] });
    let order = || app.post("/api/v1/orders").token(&ann.token).key("k").json(&body).send();
    let replies = join_all((0..10).map(|_| order())).await;
    assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)), "{replies:?}");
    let fresh = |reply: &&testkit::Reply| reply.status == 201 && reply.header("idempotency-replayed").is_none();
    assert_eq!(replies.iter().filter(fresh).count(), 1);
    assert_eq!((app.order_count().await, app.on_hand(&lamp).await), (1, 49));
}

#[tokio::test]
async fn a_repeated_registration_with_the_same_key_gives_the_first_response_r4() {
    let app = spawn().await;
    let register = || app.post("/api/v1/auth/register").key("k").json(&registration("ann")).send();
    let (first, second) = (register().await.expect(201), register().await.expect(201));
    assert_eq!(first.bytes, second.bytes);
    let mut other = registration("ann");
    other["password"] = json!("another password");
    app.post("/api/v1/auth/register").key("k").json(&other).send().await.expect(422);
}

#[tokio::test]
async fn a_bad_key_is_refused_r30() {
    let app = spawn().await;
    for key in ["", "with space", &"k".repeat(256), "\u{e4}"] {
        let reply = app.post("/api/v1/products").token(&app.admin).key(key).json(&product("Lamp", 1, 1)).send().await;
        assert_eq!(reply.expect(400).faults(), [("Idempotency-Key", "format")], "{key}");
    }
    let longest = "k".repeat(255);
    let post = || app.post("/api/v1/products").token(&app.admin).json(&product("Lamp", 1, 1));
    post().key(&longest).send().await.expect(201);
    post().key("a").key("b").send().await.expect(400);
}

#[tokio::test]
async fn the_same_json_in_another_spelling_is_the_same_request() {
    let app = spawn().await;
    let post = |body: &str| app.post("/api/v1/products").token(&app.admin).key("k").raw(body.to_owned()).send();
    let first = post(r#"{"name":"Café","price":{"amount":100,"currency":"USD"},"initial_stock":1}"#).await.expect(201);
    for same in [
        r#"{"initial_stock":1,"price":{"currency":"USD","amount":100},"name":"Café"}"#,
        "{\n  \"name\" : \"Caf\\u00e9\",\r\n\t\"initial_stock\": 1.0, \"price\": { \"amount\": 1e2, \"currency\": \"USD\" } }\n",
    ] {
        let again = post(same).await.expect(201);
        assert!(again.is_replayed() && again.bytes == first.bytes, "{same}");
    }
    for other in [
        r#"{"name":"Cafe","price":{"amount":100,"currency":"USD"},"initial_stock":1}"#,
        r#"{"name":"Café","price":{"amount":101,"currency":"USD"},"initial_stock":1}"#,
        r#"{"name":"Café","price":{"amount":100,"currency":"USD"}}"#,
        r#"{"name":"Café","price":{"amount":100,"currency":"USD"},"initial_stock":1,"sku":null}"#,
    ] {
        assert_eq!(post(other).await.expect(422).kind(), "idempotency-key-reused", "{other}");
    }
}

/// The hash that version 0.1 has stored for a request: of the body as it came.
fn former_fingerprint(method: &str, path: &str, body: &str) -> [u8; 32] {
    let mac = |key: &[u8], parts: &[&str]| -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac.finalize().into_bytes().into()
    };
    let seal = mac(JWT_SECRET.as_bytes(), &["storekeeper seal 1"]);
    mac(&mac(&seal, &["request"]), &[method, path, body])
}

#[tokio::test]
async fn a_request_stored_before_fingerprints_were_canonical_is_recognised() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (path, body) = ("/api/v1/products", r#"{"price": {"currency": "USD", "amount": 5}, "name": "Lamp"}"#);
    let post = |body: &'static str| {
        let request = admin.request(reqwest::Method::POST, "/products").header("idempotency-key", "old");
        Reply::to(request.header("content-type", "application/json").body(body))
    };
    let first = post(body).await.expect(201);
    let old = former_fingerprint("POST", path, body).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    damage(&database, &[&format!("UPDATE idempotency_keys SET fingerprint = x'{old}'")]).await;
    let again = post(body).await.expect(201);
    assert!(again.is_replayed() && again.bytes == first.bytes);
    let other = post(r#"{"price": {"currency": "USD", "amount": 6}, "name": "Lamp"}"#).await.expect(422);
    assert_eq!(other.kind(), "idempotency-key-reused");
}
