//! The database goes away and comes back.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use testkit::{Client, Server, TestDatabase, on_every_database, order_of, until};
use tokio::time::timeout;

use super::proxy::Proxy;

on_every_database!(
    an_unavailable_database_is_a_503_and_the_server_recovers_by_itself_r74,
    a_database_that_hangs_is_a_503_and_delays_no_stop,
);

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

/// A database server that is stopped with SIGSTOP keeps its connections open and answers nothing.
async fn a_database_that_hangs_is_a_503_and_delays_no_stop(database: TestDatabase) {
    if !database.is_remote() {
        return; // SQLite runs inside the server.
    }
    let (host, _) = split(&database.url);
    let proxy = Proxy::to(host).await;
    let url = database.url.replacen(host, &proxy.address, 1);
    let settings = [
        ("STOREKEEPER__DATABASE__STATEMENT_TIMEOUT", "1s"),
        ("STOREKEEPER__SERVER__SHUTDOWN_TIMEOUT", "3s"),
        ("STOREKEEPER__SERVER__DRAIN", "0s"),
    ];
    let mut server = Server::start_with(&database, &url, &settings).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let buyer = Client::customer(&server, "buyer").await;

    proxy.hang();
    let (limit, body) = (Duration::from_secs(30), order_of(&[&product]));
    let (read, order) = tokio::join!(
        timeout(limit, admin.request(Method::GET, &format!("/products/{product}/stock")).send()),
        timeout(limit, buyer.post_once("/orders", &body, Some("hung"))),
    );
    assert_eq!(read.unwrap().unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(order.unwrap().unwrap().0, StatusCode::SERVICE_UNAVAILABLE);
    let ready = timeout(limit, reqwest::get(format!("{}/health/ready", server.address))).await.unwrap().unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);

    proxy.mend();
    let created = StatusCode::CREATED;
    let again = async || {
        let answer = buyer.post_once("/orders", &order_of(&[&product]), Some("hung")).await;
        answer.is_some_and(|(status, _)| status == created)
    };
    until("sold again", again).await;
    assert_eq!(admin.on_hand(&product).await, 4);

    proxy.hang();
    server.signal("TERM").await;
    let stopped = timeout(limit, server.exit_code()).await;
    assert_eq!(stopped.unwrap(), Some(0), "the stop does not wait for the database");
    // The database cannot be dropped while a transaction of a hung connection is open.
    proxy.cut();
}

/// The `host:port` of a URL, and what follows it.
pub(super) fn split(url: &str) -> (&str, &str) {
    let after = url.split_once("://").unwrap().1;
    let (authority, path) = after.split_once('/').unwrap();
    (authority.rsplit('@').next().unwrap(), path)
}
