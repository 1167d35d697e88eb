//! What must never be printed.

use reqwest::StatusCode;
use serde_json::json;
use testkit::{ADMIN_PASSWORD, Client, JWT_SECRET, Server, TestDatabase, on_every_database, order_of};

on_every_database!(no_secret_is_ever_logged_not_even_at_the_finest_level_r73_r77);

async fn no_secret_is_ever_logged_not_even_at_the_finest_level_r73_r77(database: TestDatabase) {
    let server = Server::start_with(&database, &database.url, &[("RUST_LOG", "trace")]).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let buyer = Client::customer(&server, "buyer").await;
    let (status, _) = buyer.post("/orders", &order_of(&[&product]), Some("a-key")).await.unwrap();
    assert_eq!(status, StatusCode::CREATED);
    let bad = json!({"username": "admin", "password": "not-the-password", "hint": "hunter2"});
    buyer.post("/auth/login", &bad, None).await.unwrap();

    let login = json!({"username": "buyer", "password": "a-long-password"});
    let (_, pair) = buyer.post("/auth/login", &login, None).await.unwrap();
    let tokens = [pair["access_token"].as_str().unwrap(), pair["refresh_token"].as_str().unwrap()];
    let printed = server.printed();
    assert!(printed.contains("orders"), "the log is there: {printed}");
    let secrets = [ADMIN_PASSWORD, JWT_SECRET, "a-long-password", "not-the-password", "hunter2", "$2b$"];
    for secret in secrets.into_iter().chain(tokens) {
        let line = printed.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
