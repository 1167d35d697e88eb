//! Roles and keys on two servers of one shop.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Client, PASSWORD, Server, TestDatabase, on_every_database};
use tokio::time::{Instant, sleep};

on_every_database!(another_server_knows_of_roles_and_keys_within_a_second_r256_r258);

/// How long another server may not know of a change, and a little for the requests themselves.
const SOON: Duration = Duration::from_millis(1500);

/// Waits until the other server answers with this status.
async fn soon(client: &Client, path: &str, status: u16) {
    let began = Instant::now();
    loop {
        let answered = client.ask("GET", path).await.status;
        if answered == status {
            return;
        }
        assert!(began.elapsed() < SOON, "{path}: {answered} and not {status}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn another_server_knows_of_roles_and_keys_within_a_second_r256_r258(database: TestDatabase) {
    let (here, there) = (Server::start(&database).await, Server::start(&database).await);
    let admin = Client::admin(&here).await;
    let make = async |path: &str, body: Value| admin.send("POST", path, &body).await.expect(201);
    make("/roles", json!({ "name": "packing", "scopes": ["stock:read"] })).await;
    make("/accounts", json!({ "username": "paula", "password": PASSWORD, "role": "packing" })).await;
    let paula = Client::login(&there, "paula", PASSWORD).await;
    assert_eq!(paula.ask("GET", "/orders").await.status, 403);
    let more = json!({ "scopes": ["stock:read", "orders:read"] });
    admin.send("PATCH", "/roles/packing", &more).await.expect(200);
    soon(&paula, "/orders", 200).await;

    let key = make("/keys", json!({ "name": "ERP", "scopes": ["stock:read"] })).await;
    let program = Client::holding(&there, key.text("/secret"));
    soon(&program, "/stock", 200).await;
    admin.send("DELETE", &format!("/keys/{}", key.text("/id")), &json!({})).await.expect(204);
    soon(&program, "/stock", 401).await;
}
