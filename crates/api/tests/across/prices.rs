//! Prices that change while several servers sell.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, on_every_database, order_of, usd};

on_every_database!(another_server_charges_a_new_tax_at_once_and_quotes_it_within_a_second_r107_r108);

async fn make(admin: &Client, path: &str, body: &Value) -> Value {
    let (status, made) = admin.post(path, body, None).await.unwrap();
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

fn expecting(product: &str, total: i64) -> Value {
    let mut order = order_of(&[product]);
    let address = json!({ "line1": "Am Markt 1", "city": "Bremen", "postal_code": "28195", "country": "DE" });
    order["shipping_address"] = address;
    order["expected_total"] = usd(total);
    order
}

async fn another_server_charges_a_new_tax_at_once_and_quotes_it_within_a_second_r107_r108(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&one).await;
    let buyer = Client::customer(&one, "buyer").await.at(&two);
    let product = admin.product(10).await;
    let price = admin.get(&format!("/products/{product}")).await["price"]["amount"].as_i64().unwrap();
    let total = |quote: &Value| quote["totals"]["total"]["amount"].as_i64().unwrap();
    let mut purchase = expecting(&product, price);
    purchase.as_object_mut().unwrap().remove("expected_total");
    assert_eq!(total(&buyer.post("/checkout/quote", &purchase, None).await.unwrap().1), price);

    let zone = make(&admin, "/zones", &json!({ "name": "Germany", "members": [{ "country": "DE" }] })).await;
    let rate = json!({
        "zone_id": zone["id"], "tax_class": "standard", "code": "DE19", "name": "VAT", "rate_ppm": 190_000,
        "starts_on": "2020-01-01",
    });
    make(&admin, "/tax-rates", &rate).await;
    let made = Instant::now();

    let (status, refused) = buyer.post("/orders", &expecting(&product, price), None).await.unwrap();
    assert_eq!((status, &refused["type"]), (StatusCode::CONFLICT, &json!("/problems/totals-changed")), "{refused}");
    let taxed = total(&refused);
    assert!(taxed > price, "{refused}");
    loop {
        let quote = buyer.post("/checkout/quote", &purchase, None).await.unwrap().1;
        if total(&quote) == taxed {
            break;
        }
        assert!(made.elapsed() < Duration::from_secs(10), "{quote}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (status, order) = buyer.post("/orders", &expecting(&product, taxed), None).await.unwrap();
    assert_eq!((status, order["total"]["amount"].as_i64()), (StatusCode::CREATED, Some(taxed)), "{order}");
}
