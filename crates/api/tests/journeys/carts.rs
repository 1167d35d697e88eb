//! What happens to a cart when its products are no longer for sale.

use serde_json::{Value, json};
use testkit::{Client, Reply, Server, TestDatabase, on_every_database, usd};

on_every_database!(
    a_deleted_product_stays_in_the_cart_and_the_order_is_refused_with_its_line,
    a_product_that_is_not_for_sale_can_be_lowered_and_removed_but_not_raised,
);

async fn put(who: &Client, product: &str, quantity: i64) -> Reply {
    who.send("POST", "/cart/items", &json!({"product_id": product, "quantity": quantity})).await
}

async fn a_deleted_product_stays_in_the_cart_and_the_order_is_refused_with_its_line(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    let (stays, gone, archived) = (admin.product(5).await, admin.product(5).await, admin.product(5).await);
    for product in [&stays, &gone, &archived] {
        put(&ann, product, 2).await.expect(200);
    }
    admin.ask("DELETE", &format!("/products/{gone}")).await.expect(204);
    admin.send("PATCH", &format!("/products/{archived}"), &json!({"status": "archived"})).await.expect(200);

    let cart = ann.get("/cart").await;
    assert_eq!((&cart["item_count"], &cart["subtotal"]), (&json!(6), &usd(5000)));
    let line = cart["items"].as_array().unwrap().iter().find(|item| item["product_id"] == gone).unwrap();
    let nothing = json!({
        "product_id": gone, "name": null, "unit_price": null, "quantity": 2, "line_total": null, "in_stock": false,
    });
    assert_eq!(line, &nothing);

    let refused = ann.send("POST", "/orders", &json!({})).await.expect(409);
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for line in refused.at("/lines").as_array().unwrap() {
        assert_eq!((&line["requested"], &line["available"]), (&json!(2), &json!(0)));
        lines.push((line["product_id"].as_str().unwrap(), line["code"].as_str().unwrap()));
    }
    assert_eq!(lines, [(gone.as_str(), "unknown_product"), (archived.as_str(), "archived_product")]);
    assert_eq!(ann.get("/cart").await["item_count"], 6, "a refused order leaves the cart");

    for product in [&gone, &archived] {
        ann.ask("DELETE", &format!("/cart/items/{product}")).await.expect(200);
    }
    let order = ann.send("POST", "/orders", &json!({})).await.expect(201);
    assert_eq!((order.at("/total"), order.at("/items/0/product_id")), (&usd(2500), &json!(stays)));
}

async fn a_product_that_is_not_for_sale_can_be_lowered_and_removed_but_not_raised(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    for deleted in [false, true] {
        let product = admin.product(50).await;
        put(&ann, &product, 5).await.expect(200);
        if deleted {
            admin.ask("DELETE", &format!("/products/{product}")).await.expect(204);
        } else {
            admin.send("PATCH", &format!("/products/{product}"), &json!({"status": "archived"})).await.expect(200);
        }
        let path = format!("/cart/items/{product}");
        let set = async |quantity: Value| ann.send("PATCH", &path, &json!({ "quantity": quantity })).await;

        assert_eq!(put(&ann, &product, 1).await.expect(422).faults(), [("product_id", "not_found")]);
        let raised = set(json!(6)).await.expect(422);
        assert_eq!(raised.faults(), [("quantity", "too_large")]);
        assert_eq!(raised.at("/errors/0/message"), "must be at most 5, since the product is no longer for sale");
        assert_eq!(ann.get("/cart").await["items"][0]["quantity"], 5);
        set(json!(5)).await.expect(200);
        assert_eq!(set(json!(2)).await.expect(200).number("/items/0/quantity"), 2);
        assert_eq!(set(json!(3)).await.expect(422).faults(), [("quantity", "too_large")]);
        assert!(ann.ask("DELETE", &path).await.expect(200).items().is_empty());
        assert_eq!(put(&ann, &product, 1).await.expect(422).faults(), [("product_id", "not_found")]);
    }
}
