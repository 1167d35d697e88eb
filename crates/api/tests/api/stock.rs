use serde_json::json;
use testkit::{App, Reply, spawn};

async fn adjust(app: &App, product: &str, quantity: i64) -> Reply {
    let body = json!({ "quantity": quantity, "reason": "counted" });
    app.post(&format!("/api/v1/products/{product}/stock/adjustments")).token(&app.admin).json(&body).send().await
}

#[tokio::test]
async fn the_current_stock_is_shown_r40() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 5).await;
    let path = format!("/api/v1/products/{id}/stock");
    let stock = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!((stock.text("/product_id"), stock.number("/on_hand")), (id.as_str(), 5));
    assert_eq!((stock.number("/restock_threshold"), stock.number("/restock_target")), (0, 0));
    assert_eq!((stock.at("/below_threshold"), stock.number("/version")), (&json!(false), 1));
    assert!(stock.text("/updated_at").ends_with('Z'));
}

#[tokio::test]
async fn all_stock_is_listed_and_can_be_filtered_r40() {
    let app = spawn().await;
    app.product("Lamp", 1, 5).await;
    let count = async |query: &str| {
        let path = format!("/api/v1/stock{query}");
        app.get(&path).token(&app.admin).send().await.expect(200).items().len()
    };
    assert_eq!(
        (count("").await, count("?below_threshold=true").await, count("?below_threshold=false").await),
        (1, 0, 1)
    );
    let other = app.product("Rug", 1, 5).await;
    assert_eq!((count("").await, count(&format!("?product_id={other}")).await), (2, 1));
    let both = format!("?product_id={other}&product_id={}&below_threshold=true", testkit::NOTHING);
    assert_eq!(count(&both).await, 0);
    let open = format!("/api/v1/restocks?status=open&product_id={other}");
    assert!(app.get(&open).token(&app.admin).send().await.expect(200).items().is_empty());
    let policy = json!({ "restock_threshold": 9, "restock_target": 9 });
    app.office().send("PUT", &format!("/products/{other}/stock/policy"), &policy).await.expect(200);
    app.office().send("POST", "/restocks/run", &json!({})).await.expect(200);
    assert_eq!(app.get(&open).token(&app.admin).send().await.expect(200).items().len(), 1);
    let elsewhere = format!("/api/v1/restocks?product_id={}", testkit::NOTHING);
    assert!(app.get(&elsewhere).token(&app.admin).send().await.expect(200).items().is_empty());
    let reply = app.get("/api/v1/stock?below_threshold=1").token(&app.admin).send().await.expect(400);
    assert_eq!(reply.faults(), [("below_threshold", "not_allowed")]);
}

#[tokio::test]
async fn an_adjustment_is_a_movement_that_can_be_read_at_its_location_r41_r43() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 5).await;
    let made = adjust(&app, &id, -2).await.expect(201);
    let location = format!("/api/v1/products/{id}/stock/movements/2");
    assert_eq!(made.header("location"), Some(location.as_str()));
    assert_eq!((made.text("/kind"), made.number("/quantity"), made.number("/balance")), ("adjustment", -2, 3));
    assert_eq!((made.text("/reason"), made.number("/sequence"), made.at("/reference")), ("counted", 2, &json!(null)));
    assert_eq!(app.get(&location).token(&app.admin).send().await.expect(200).body, made.body);
    assert_eq!(app.on_hand(&id).await, 3);
}

#[tokio::test]
async fn stock_never_falls_below_zero_r41() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 5).await;
    let reply = adjust(&app, &id, -6).await.expect(409);
    assert_eq!(reply.kind(), "insufficient-stock");
    assert!(reply.text("/detail").contains("5 on hand"));
    adjust(&app, &id, -5).await.expect(201);
    adjust(&app, &id, -1).await.expect(409);
    adjust(&app, &id, 1_000_000_000).await.expect(201);
    adjust(&app, &id, 1).await.expect(409);
}

#[tokio::test]
async fn an_adjustment_needs_a_quantity_that_is_not_0_and_a_reason_r41() {
    let app = spawn().await;
    let id = app.product("Lamp", 1, 5).await;
    let path = format!("/api/v1/products/{id}/stock/adjustments");
    for (body, faults) in [
        (json!({ "quantity": 0, "reason": "x" }), vec![("quantity", "not_allowed")]),
        (json!({ "quantity": 1_000_000_001, "reason": " " }), vec![("quantity", "too_large"), ("reason", "blank")]),
        (json!({}), vec![("quantity", "required"), ("reason", "required")]),
    ] {
        assert_eq!(app.post(&path).token(&app.admin).json(&body).send().await.expect(422).faults(), faults);
    }
    assert_eq!(app.on_hand(&id).await, 5);
}

#[tokio::test]
async fn units_on_hand_are_the_sum_of_all_movements_r43() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let id = app.product("Lamp", 1, 10).await;
    adjust(&app, &id, 4).await.expect(201);
    let body = json!({ "items": [{ "product_id": id, "quantity": 3 }] });
    let order = app.post("/api/v1/orders").token(&ann.token).json(&body).send().await.expect(201);

    let path = format!("/api/v1/products/{id}/stock/movements");
    let movements = app.get(&path).token(&app.admin).send().await.expect(200);
    let kinds: Vec<_> = movements.items().iter().map(|movement| movement["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["sale", "adjustment", "initial"]);
    assert_eq!(movements.at("/items/0/reference"), order.at("/id"));
    let sum: i64 = movements.items().iter().map(|movement| movement["quantity"].as_i64().unwrap()).sum();
    assert_eq!(sum, app.on_hand(&id).await);
    assert_eq!(sum, movements.number("/items/0/balance"));
}

#[tokio::test]
async fn the_stock_of_an_unknown_product_is_not_found_r40_r41_r43() {
    let app = spawn().await;
    let id = "01890000-0000-7000-8000-000000000000";
    for path in ["", "/movements", "/movements/1"] {
        app.get(&format!("/api/v1/products/{id}/stock{path}")).token(&app.admin).send().await.expect(404);
    }
    adjust(&app, id, 1).await.expect(404);
    let real = app.product("Lamp", 1, 1).await;
    app.get(&format!("/api/v1/products/{real}/stock/movements/2")).token(&app.admin).send().await.expect(404);
    app.get(&format!("/api/v1/products/{real}/stock/movements/x")).token(&app.admin).send().await.expect(400);
}
