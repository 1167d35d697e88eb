//! The database goes away and comes back.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use testkit::{Client, Server, TestDatabase, on_every_database, order_of, until};

use super::proxy::Proxy;

on_every_database!(an_unavailable_database_is_a_503_and_the_server_recovers_by_itself_r74);

async fn an_unavailable_database_is_a_503_and_the_server_recovers_by_itself_r74(database: TestDatabase) {
    if !database.is_remote() {
        return; // An embedded database cannot go away without its server.
    }
    let (host, rest) = split(&database.url);
    let proxy = Proxy::to(host).await;
    let url = database.url.replacen(host, &proxy.address, 1);
    assert!(url.ends_with(rest));
    let server = Server::start_with(&database, &url, &[]).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let buyer = Client::customer(&server, "buyer").await;

    proxy.cut();
    for (method, path, body) in [
        (Method::GET, format!("/products/{product}/stock"), None),
        (Method::POST, "/orders".to_owned(), Some(order_of(&[&product]))),
    ] {
        let client = if body.is_some() { &buyer } else { &admin };
        let mut request = client.request(method, &path);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.headers().contains_key("retry-after"), "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["status"], 503);
    }
    let ready = reqwest::get(format!("{}/health/ready", server.address)).await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let live = reqwest::get(format!("{}/health/live", server.address)).await.unwrap();
    assert_eq!(live.status(), StatusCode::OK);

    proxy.mend();
    let (order, created) = (order_of(&[&product]), StatusCode::CREATED);
    let bought =
        async || buyer.post_once("/orders", &order, Some("once")).await.is_some_and(|(status, _)| status == created);
    until("sold again", bought).await;
    assert_eq!(admin.on_hand(&product).await, 4);
}

/// The `host:port` of a URL, and what follows it.
fn split(url: &str) -> (&str, &str) {
    let after = url.split_once("://").unwrap().1;
    let (authority, path) = after.split_once('/').unwrap();
    (authority.rsplit('@').next().unwrap(), path)
}
