//! `kill -9` while a file is written.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, damage, number, on_every_database, well};

use crate::support::other_shop::OtherShop;

on_every_database!(
    a_killed_server_writes_each_row_of_an_import_once_r231,
    a_killed_server_raises_each_price_once_r232,
    a_killed_server_attaches_each_picture_of_an_import_once_r231,
);

const ROWS: i64 = 1500;

async fn status(admin: &Client, id: &str) -> Value {
    admin.get(&format!("/imports/{id}")).await
}

async fn becomes(admin: &Client, id: &str, wanted: &str) {
    for _ in 0..1800 {
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

async fn a_killed_server_raises_each_price_once_r232(database: TestDatabase) {
    let seed = ["seed", "--products", "1500", "--customers", "0", "--orders", "0"];
    well(&database, &seed).await;
    damage(&database, &["UPDATE products SET price = 1000, compare_at_price = NULL"]).await;
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let body = json!({ "select": { "max_price": "1000" }, "change": { "price": { "percent": 10 } } });
    let id = admin.send("POST", "/products/batch", &body).await.expect(202).id();
    becomes(&admin, &id, "checked").await;
    admin.send("POST", &format!("/imports/{id}/start"), &json!({})).await.expect(202);
    let raised = async || number(&database, "SELECT COUNT(*) FROM products WHERE price = 1100").await;
    for _ in 0..3000 {
        if raised().await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.kill().await;
    let there = raised().await;
    assert!(there > 0 && there < ROWS, "it was killed in the middle");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM import_rows WHERE status = 'done'").await, there);
    damage(&database, &["UPDATE imports SET held_until = 0"]).await;
    let server = Server::start(&database).await;
    becomes(&admin.at(&server), &id, "done").await;
    assert_eq!((raised().await, number(&database, "SELECT COUNT(*) FROM products").await), (ROWS, ROWS));
}

async fn a_killed_server_attaches_each_picture_of_an_import_once_r231(database: TestDatabase) {
    const PRODUCTS: i64 = 220;
    let other = OtherShop::open().await;
    let media = format!("file:{}", database.folder().join("media").display());
    let settings =
        [("STOREKEEPER__IMPORTS__ALLOW_NETWORKS", "127.0.0.0/8"), ("STOREKEEPER__MEDIA__STORE", media.as_str())];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let admin = Client::admin(&server).await;
    // Each URL has one of ten pictures.
    let url = |n: i64| other.url(&format!("many{}?{n}", "x".repeat(usize::try_from(n % 10).unwrap())));
    let rows = (0..PRODUCTS).map(|n| format!("p{n},Mug,100,\"{}, {}\"\n", url(n), other.url("red.png")));
    let file: String = std::iter::once("sku,name,price,media\n".to_owned()).chain(rows).collect();
    let request =
        admin.request(Method::POST, "/imports?fetch_media=true").header("content-type", "text/csv").body(file);
    let made: Value = request.send().await.unwrap().json().await.unwrap();
    let id = made["id"].as_str().unwrap().to_owned();
    becomes(&admin, &id, "checked").await;
    admin.send("POST", &format!("/imports/{id}/start"), &json!({})).await.expect(202);
    let count = async |table: &str| number(&database, &format!("SELECT COUNT(*) FROM {table}")).await;
    for _ in 0..6000 {
        if count("products").await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.kill().await;
    let there = count("products").await;
    assert!(there > 0 && there < PRODUCTS, "it was killed in the middle: {there}");
    assert_eq!(count("media_uses").await, 2 * there, "products and their pictures are written together");
    damage(&database, &["UPDATE imports SET held_until = 0"]).await;
    let server = Server::start_with(&database, &database.url, &settings).await;
    let admin = admin.at(&server);
    becomes(&admin, &id, "done").await;
    assert_eq!((count("products").await, count("media_uses").await), (PRODUCTS, 2 * PRODUCTS));
    assert_eq!(count("media").await, 11, "the same bytes are one picture");
    assert_eq!(number(&database, "SELECT COUNT(*) FROM import_rows WHERE notes IS NOT NULL").await, 0);
    drop(server);
    assert!(well(&database, &["doctor"]).await.contains("no problem found"));
}
