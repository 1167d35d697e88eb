use serde_json::{Value, json};
use testkit::{App, Customer, Reply, spawn, usd};

async fn add(app: &App, who: &Customer, product: &str, quantity: i64) -> Reply {
    let body = json!({ "product_id": product, "quantity": quantity });
    app.post("/api/v1/cart/items").token(&who.token).json(&body).send().await
}

async fn show(app: &App, who: &Customer) -> Reply {
    app.get("/api/v1/cart").token(&who.token).send().await.expect(200)
}

#[tokio::test]
async fn a_new_cart_is_empty_r50() {
    let app = spawn().await;
    let cart = show(&app, &app.customer("ann").await).await;
    assert_eq!(
        cart.body,
        json!({ "items": [], "item_count": 0, "subtotal": usd(0), "version": 0, "updated_at": null })
    );
}

#[tokio::test]
async fn a_cart_shows_its_lines_at_todays_prices_r50_r51() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let (lamp, chair) = (app.product("Lamp", 1999, 5).await, app.product("Chair", 5000, 1).await);
    add(&app, &ann, &lamp, 2).await.expect(200);
    let reply = add(&app, &ann, &chair, 3).await.expect(200);
    let lines = json!([
        { "product_id": lamp, "name": "Lamp", "unit_price": usd(1999), "quantity": 2, "line_total": usd(3998), "in_stock": true },
        { "product_id": chair, "name": "Chair", "unit_price": usd(5000), "quantity": 3, "line_total": usd(15000), "in_stock": false },
    ]);
    assert_eq!(reply.at("/items"), &lines);
    assert_eq!((reply.number("/item_count"), reply.at("/subtotal"), reply.number("/version")), (5, &usd(18998), 2));
    let shown = show(&app, &ann).await;
    assert_eq!(shown.body, reply.body);
    assert_eq!(shown.header("etag"), reply.header("etag"));
}

#[tokio::test]
async fn adding_the_same_product_adds_the_quantities_up_to_999_r51() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1, 1).await;
    add(&app, &ann, &lamp, 998).await.expect(200);
    assert_eq!(add(&app, &ann, &lamp, 1).await.expect(200).number("/items/0/quantity"), 999);
    let reply = add(&app, &ann, &lamp, 1).await.expect(409);
    assert_eq!(reply.kind(), "cart-line-full");
    assert_eq!(show(&app, &ann).await.number("/version"), 2);
}

#[tokio::test]
async fn an_unknown_product_cannot_be_added_r51() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let reply = add(&app, &ann, "01890000-0000-7000-8000-000000000000", 1).await.expect(422);
    assert_eq!(reply.faults(), [("product_id", "not_found")]);
    assert_eq!(show(&app, &ann).await.number("/version"), 0);
}

#[tokio::test]
async fn a_cart_has_at_most_100_lines_r51() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    for n in 0..100 {
        let id = app.product(&format!("P{n}"), 1, 0).await;
        add(&app, &ann, &id, 1).await.expect(200);
    }
    let one_more = app.product("one more", 1, 0).await;
    assert_eq!(add(&app, &ann, &one_more, 1).await.expect(409).kind(), "cart-full");
    assert_eq!(show(&app, &ann).await.items().len(), 100);
}

#[tokio::test]
async fn a_line_can_be_changed_and_removed_r52_r53() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 10, 1).await;
    let path = format!("/api/v1/cart/items/{lamp}");
    let set = |quantity: Value| app.patch(&path).token(&ann.token).json(&json!({ "quantity": quantity })).send();
    set(json!(2)).await.expect(404);
    app.delete(&path).token(&ann.token).send().await.expect(404);
    add(&app, &ann, &lamp, 1).await.expect(200);
    assert_eq!(set(json!(7)).await.expect(200).at("/subtotal"), &usd(70));
    for (bad, code) in [(json!(-1), "too_small"), (json!(1000), "too_large"), (json!("2"), "wrong_type")] {
        assert_eq!(set(bad).await.expect(422).faults(), [("quantity", code)]);
    }
    let reply = app.delete(&path).token(&ann.token).send().await.expect(200);
    assert!(reply.items().is_empty());
    app.delete(&path).token(&ann.token).send().await.expect(404);
}

#[tokio::test]
async fn a_quantity_of_0_takes_the_line_away_r52() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let (lamp, chair) = (app.product("Lamp", 10, 1).await, app.product("Chair", 20, 1).await);
    let none = |product: &str, quantity: &str| {
        let path = format!("/api/v1/cart/items/{product}");
        app.patch(&path).token(&ann.token).raw(format!("{{\"quantity\":{quantity}}}")).send()
    };
    none(&lamp, "0").await.expect(404);
    for quantity in ["0", "0.0", "0e5", "-0"] {
        add(&app, &ann, &lamp, 3).await.expect(200);
        add(&app, &ann, &chair, 1).await.expect(200);
        let cart = none(&lamp, quantity).await.expect(200);
        assert!(cart.items().iter().all(|line| line["product_id"] == chair.as_str()), "{quantity}");
        assert_eq!(show(&app, &ann).await.body, cart.body, "{quantity}");
        none(&lamp, quantity).await.expect(404);
    }
    none(&chair, "0").await.expect(200);
    assert_eq!(show(&app, &ann).await.number("/item_count"), 0);
    let added = add(&app, &ann, &lamp, 0).await.expect(422);
    assert_eq!(added.faults(), [("quantity", "too_small")], "nothing can be added of nothing");
}

#[tokio::test]
async fn a_cart_can_be_emptied_r54() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 10, 1).await;
    add(&app, &ann, &lamp, 1).await.expect(200);
    let reply = app.delete("/api/v1/cart").token(&ann.token).send().await.expect(204);
    assert!(reply.bytes.is_empty());
    assert!(show(&app, &ann).await.items().is_empty());
}

#[tokio::test]
async fn every_customer_has_their_own_cart_r50() {
    let app = spawn().await;
    let (ann, bob) = (app.customer("ann").await, app.customer("bob").await);
    let lamp = app.product("Lamp", 10, 1).await;
    add(&app, &ann, &lamp, 1).await.expect(200);
    assert!(show(&app, &bob).await.items().is_empty());
    app.delete(&format!("/api/v1/cart/items/{lamp}")).token(&bob.token).send().await.expect(404);
    assert_eq!(show(&app, &ann).await.items().len(), 1);
}

#[tokio::test]
async fn an_administrator_without_a_customer_has_no_cart_r50() {
    let app = spawn().await;
    let reply = app.get("/api/v1/cart").token(&app.admin).send().await.expect(409);
    assert_eq!(reply.kind(), "no-customer");
}
