//! The stop signal.

use reqwest::StatusCode;
use testkit::{Client, Server, TestDatabase, on_every_database, order_of};

on_every_database!(a_stopped_server_finishes_running_requests_and_exits_0_r79);

async fn a_stopped_server_finishes_running_requests_and_exits_0_r79(database: TestDatabase) {
    let mut server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(1000).await;
    let buyer = Client::customer(&server, "buyer").await;
    let load = tokio::spawn({
        let (buyer, order) = (buyer.clone(), order_of(&[&product]));
        async move {
            let mut acknowledged = 0;
            loop {
                match buyer.post_once("/orders", &order, None).await {
                    Some((StatusCode::CREATED, _)) => acknowledged += 1,
                    Some((status, body)) => return Err(format!("{status} {body}")),
                    None => return Ok(acknowledged),
                }
            }
        }
    });
    while admin.all("/orders").await.is_empty() {}
    server.signal("TERM").await;
    assert_eq!(server.exit_code().await, Some(0));
    let acknowledged = load.await.unwrap().unwrap_or_else(|other| panic!("{other}\n{}", server.printed()));

    let server = Server::start(&database).await;
    assert_eq!(admin.at(&server).on_hand(&product).await, 1000 - acknowledged, "every order was answered");
}
