//! The disk of the database is full, and has room again.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, damage, on_every_database, order_of, storekeeper, until};

on_every_database!(without_room_writes_are_refused_reads_go_on_and_the_server_recovers);

/// Lets writes fail as a server does when its disk is full.
const FULL: [&str; 2] = [
    "CREATE TRIGGER full_orders BEFORE INSERT ON orders FOR EACH ROW
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'",
    "CREATE TRIGGER full_keys BEFORE INSERT ON idempotency_keys FOR EACH ROW
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'Disk full'",
];
const ROOM: [&str; 2] = ["DROP TRIGGER full_orders", "DROP TRIGGER full_keys"];

/// A small disk in memory; taken away when it is dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None` where no disk can be mounted.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut ballast = fs::OpenOptions::new().create(true).append(true).open(self.path().join("ballast")).unwrap();
        while ballast.write_all(&[0; 512]).is_ok() {}
    }

    fn clear(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.path()).status().ok();
    }
}

async fn without_room_writes_are_refused_reads_go_on_and_the_server_recovers(mut database: TestDatabase) {
    let disk = if database.is_remote() {
        None
    } else {
        let Some(disk) = Disk::new() else {
            eprintln!("not run: no disk can be mounted here");
            return;
        };
        database.url = format!("sqlite://{}/shop.db?mode=rwc", disk.path().display());
        Some(disk)
    };
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(900).await;
    let buyer = Client::customer(&server, "buyer").await;
    let order = async |key: &str| -> Response {
        let request = buyer.request(Method::POST, "/orders").header("Idempotency-Key", key);
        request.json(&order_of(&[&product])).send().await.unwrap()
    };
    let ready = async || reqwest::get(format!("{}/health/ready", server.address)).await.unwrap();
    assert_eq!(order("first").await.status(), StatusCode::CREATED);

    match &disk {
        Some(disk) => disk.fill(),
        None => damage(&database, &FULL).await,
    }
    // What was written before leaves some room in the log of SQLite.
    let (mut placed, mut key, mut refused) = (1, 0, None);
    while refused.is_none() && key < 800 {
        key += 1;
        let answer = order(&format!("key-{key}")).await;
        if answer.status() == StatusCode::CREATED {
            placed += 1;
        } else {
            refused = Some(answer);
        }
        if let Some(disk) = &disk {
            disk.fill();
        }
    }
    let Some(refused) = refused else { panic!("the disk is not full") };
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "/problems/storage-full", "{problem}");
    let unready = ready().await;
    assert_eq!(unready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(unready.headers().contains_key("retry-after"));
    assert_eq!(unready.json::<Value>().await.unwrap()["type"], "/problems/storage-full");
    // Reading goes on.
    assert_eq!(admin.on_hand(&product).await, 900 - placed);
    assert_eq!(reqwest::get(format!("{}/health/live", server.address)).await.unwrap().status(), StatusCode::OK);

    match &disk {
        Some(disk) => disk.clear(),
        None => damage(&database, &ROOM).await,
    }
    until("ready again", async || ready().await.status() == StatusCode::OK).await;
    // The refused order was not placed, and its key is free.
    let again = order(&format!("key-{key}")).await;
    assert_eq!(again.status(), StatusCode::CREATED);
    assert!(!again.headers().contains_key("idempotency-replayed"));
    assert_eq!(admin.on_hand(&product).await, 900 - placed - 1);
    assert_eq!(order("first").await.headers()["idempotency-replayed"], "true", "nothing that was answered is lost");
    assert_eq!(
        admin
            .send("POST", "/products", &json!({ "name": "Cup", "price": { "amount": 5, "currency": "USD" } }))
            .await
            .status,
        201
    );
    let outcome = storekeeper(&database, &["doctor"]).await;
    assert!(outcome.said.contains("no problem found"), "{outcome:?}");
    drop(server);
}
