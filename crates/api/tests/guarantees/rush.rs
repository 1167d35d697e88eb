//! Many buyers at once.

use std::collections::HashSet;

use reqwest::StatusCode;
use serde_json::json;
use testkit::{Client, Server, TestDatabase, at_once, count, on_every_database, order_of};

on_every_database!(
    fifty_buyers_of_twenty_units_get_twenty_orders_and_thirty_refusals_r61,
    fifty_buyers_at_two_servers_never_buy_a_unit_twice_r61,
    a_hundred_orders_of_two_products_in_opposite_order_all_succeed_r61,
    ten_concurrent_orders_of_one_cart_place_one_order_r60_r61,
    ten_concurrent_orders_with_one_key_place_one_order_r61,
);

async fn fifty_buyers_of_twenty_units_get_twenty_orders_and_thirty_refusals_r61(database: TestDatabase) {
    let server = Server::start(&database).await;
    fifty_buy_twenty(&[&server]).await;
}

async fn fifty_buyers_at_two_servers_never_buy_a_unit_twice_r61(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    fifty_buy_twenty(&[&one, &two]).await;
}

async fn fifty_buy_twenty(servers: &[&Server]) {
    let admin = Client::admin(servers[0]).await;
    let product = admin.product(20).await;
    let mut buyers = Vec::new();
    for (n, server) in (0..50).zip(servers.iter().cycle()) {
        let buyer = Client::customer(servers[0], &format!("buyer{n}")).await.at(server);
        let item = json!({"product_id": product, "quantity": 1});
        assert_eq!(buyer.post("/cart/items", &item, None).await.unwrap().0, StatusCode::OK);
        buyers.push(buyer);
    }
    let buy = |buyer: Client| async move { buyer.post("/orders", &json!({}), None).await.unwrap() };
    let answers = at_once(buyers.into_iter().map(buy)).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 20, "{answers:?}");
    assert_eq!(count(&answers, StatusCode::CONFLICT), 30, "{answers:?}");
    assert_eq!(admin.on_hand(&product).await, 0);
    assert_eq!(admin.all("/orders").await.len(), 20);
}

async fn a_hundred_orders_of_two_products_in_opposite_order_all_succeed_r61(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (a, b) = (admin.product(100).await, admin.product(100).await);
    let buyer = Client::customer(&server, "buyer").await;
    let buy = |n: usize| {
        let (buyer, order) =
            (buyer.clone(), if n.is_multiple_of(2) { order_of(&[&a, &b]) } else { order_of(&[&b, &a]) });
        async move { buyer.post("/orders", &order, None).await.unwrap() }
    };
    let answers = at_once((0..100).map(buy)).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 100, "{answers:?}");
    assert_eq!((admin.on_hand(&a).await, admin.on_hand(&b).await), (0, 0));
}

async fn ten_concurrent_orders_of_one_cart_place_one_order_r60_r61(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(100).await;
    let buyer = Client::customer(&server, "buyer").await;
    buyer.post("/cart/items", &json!({"product_id": product, "quantity": 3}), None).await.unwrap();
    let buy = |_| {
        let buyer = buyer.clone();
        async move { buyer.post("/orders", &json!({}), None).await.unwrap() }
    };
    let answers = at_once((0..10).map(buy)).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 1, "{answers:?}");
    assert_eq!(count(&answers, StatusCode::CONFLICT), 9, "{answers:?}");
    assert_eq!(admin.on_hand(&product).await, 97);
    assert_eq!(buyer.get("/cart").await["item_count"], 0);
}

async fn ten_concurrent_orders_with_one_key_place_one_order_r61(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(100).await;
    let buyer = Client::customer(&server, "buyer").await;
    let buy = |_| {
        let (buyer, order) = (buyer.clone(), order_of(&[&product]));
        async move { buyer.post("/orders", &order, Some("the-one-key")).await.unwrap() }
    };
    let answers = at_once((0..10).map(buy)).await;
    let orders: HashSet<_> = answers.iter().filter_map(|(_, body)| body["id"].as_str()).collect();
    assert_eq!(orders.len(), 1, "{answers:?}");
    let (created, running) = (count(&answers, StatusCode::CREATED), count(&answers, StatusCode::CONFLICT));
    assert_eq!(created + running, 10, "a repetition gets the first answer, or 409 while it runs: {answers:?}");
    assert_eq!(admin.on_hand(&product).await, 99);
}
