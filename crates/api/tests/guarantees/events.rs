//! The server that gives positions dies, and another goes on.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Client, Server, TestDatabase, on_every_database, order_of};

on_every_database!(
    no_event_is_lost_or_doubled_when_the_server_that_numbers_them_is_killed_r166,
    a_server_at_rest_numbers_nothing_and_writes_nothing_for_the_feed_r166,
);

const BUYERS: usize = 8;

/// Orders until it is stopped. Returns the ids of the orders whose answers came.
async fn buy(buyer: Client, product: String, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut placed = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        match buyer.post_once("/orders", &order_of(&[&product]), None).await {
            Some((StatusCode::CREATED, body)) => placed.push(body["id"].as_str().unwrap().to_owned()),
            Some((status, body)) => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}"),
            None => return placed,
        }
    }
    placed
}

/// Reads from a server by `next_after` alone, until it has seen these orders or nothing comes any more.
async fn read(admin: &Client, after: &mut i64, seen: &mut Vec<Value>, wait: u32) -> bool {
    let page = admin.get(&format!("/events?after={after}&wait={wait}")).await;
    let items = page["items"].as_array().unwrap().clone();
    *after = page["next_after"].as_i64().unwrap();
    seen.extend(items.iter().cloned());
    !items.is_empty()
}

async fn no_event_is_lost_or_doubled_when_the_server_that_numbers_them_is_killed_r166(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&two).await;
    let product = admin.product(1_000_000).await;
    let buyer = Client::customer(&one, "buyer").await;
    let stop = Arc::new(AtomicBool::new(false));
    let at = |server: &Server, buyers: usize| {
        (0..buyers).map(|_| tokio::spawn(buy(buyer.at(server), product.clone(), stop.clone()))).collect::<Vec<_>>()
    };
    // All orders are placed at the first server, so that it is the one that numbers them.
    let first = at(&one, BUYERS);
    let (mut after, mut seen) = (0, Vec::new());
    while seen.len() < 100 {
        read(&admin, &mut after, &mut seen, 5).await;
    }
    let second = at(&two, BUYERS);
    one.kill().await;
    let at_the_kill = seen.len();
    while seen.len() < at_the_kill + 100 {
        read(&admin, &mut after, &mut seen, 5).await;
    }
    stop.store(true, Ordering::SeqCst);
    let mut placed = HashSet::new();
    for buyer in first.into_iter().chain(second) {
        placed.extend(buyer.await.unwrap());
    }
    while read(&admin, &mut after, &mut seen, 3).await {}
    let positions: Vec<_> = seen.iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, (1..=u64::try_from(seen.len()).unwrap()).collect::<Vec<_>>());
    let told: Vec<_> = seen.iter().filter(|event| event["type"] == "order.placed").collect();
    let streams: HashSet<_> = told.iter().map(|event| event["stream"].as_str().unwrap().to_owned()).collect();
    assert_eq!(streams.len(), told.len(), "each order once");
    assert!(placed.is_subset(&streams), "every order whose answer came is there");
    // An order whose answer did not come may have been placed too.
    assert_eq!(admin.all("/orders").await.len(), streams.len());
}

async fn a_server_at_rest_numbers_nothing_and_writes_nothing_for_the_feed_r166(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    admin.product(1).await;
    let page = admin.get("/events?after=0&wait=25").await;
    assert_eq!(page["next_after"], 1);
    let until = async || testkit::number(&database, "SELECT until_at FROM event_positions").await;
    let before = until().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(until().await, before);
}
