//! `kill -9` while a file is written.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, damage, number, on_every_database, well};

on_every_database!(a_killed_server_writes_each_row_of_an_import_once_r231);

const ROWS: i64 = 1500;

async fn status(admin: &Client, id: &str) -> Value {
    admin.get(&format!("/imports/{id}")).await
}

async fn becomes(admin: &Client, id: &str, wanted: &str) {
    for _ in 0..600 {
        if status(admin, id).await["status"] == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", status(admin, id).await);
}

async fn a_killed_server_writes_each_row_of_an_import_once_r231(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let rows = (0..ROWS).map(|n| format!("group-{},Size {n},r{n},100,2\n", n / 3));
    let file: String = std::iter::once("group,name,sku,price,stock\n".to_owned()).chain(rows).collect();
    let request = admin.request(Method::POST, "/imports").header("content-type", "text/csv").body(file);
    let made: Value = request.send().await.unwrap().json().await.unwrap();
    let id = made["id"].as_str().unwrap().to_owned();
    becomes(&admin, &id, "checked").await;
    admin.send("POST", &format!("/imports/{id}/start"), &json!({})).await.expect(202);
    let count = async || number(&database, "SELECT COUNT(*) FROM products").await;
    for _ in 0..3000 {
        if count().await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.kill().await;
    let done = number(&database, "SELECT COUNT(*) FROM import_rows WHERE status = 'done'").await;
    let there = count().await;
    assert!(there > 0 && there < ROWS, "it was killed in the middle");
    assert_eq!(done, there, "rows and products are written together");
    // The lease of the killed server would end by itself, in more than a minute.
    damage(&database, &["UPDATE imports SET held_until = 0"]).await;
    let server = Server::start(&database).await;
    let admin = admin.at(&server);
    becomes(&admin, &id, "done").await;
    assert_eq!((count().await, status(&admin, &id).await["done"].as_i64()), (ROWS, Some(ROWS)));
    assert_eq!(number(&database, "SELECT COUNT(*) FROM stock_movements").await, ROWS);
    drop(server);
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}
