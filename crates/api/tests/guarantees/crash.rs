//! `kill -9` in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Client, Server, TestDatabase, at_once, on_every_database, order_of};

on_every_database!(a_killed_server_loses_and_doubles_no_order_r61);

const BUYERS: usize = 16;
const ORDERS_EACH: usize = 200;

/// What a buyer knows: the key of each order that it tried, and the id if the answer came.
type Tried = Vec<(String, Option<String>)>;

async fn a_killed_server_loses_and_doubles_no_order_r61(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (a, b) = (admin.product(100_000).await, admin.product(100_000).await);
    let buyer = Client::customer(&server, "buyer").await;

    let acknowledged = Arc::new(AtomicUsize::new(0));
    let load = (0..BUYERS).map(|n| {
        let order = if n.is_multiple_of(2) { order_of(&[&a, &b]) } else { order_of(&[&b, &a]) };
        tokio::spawn(buy_until_it_breaks(buyer.clone(), n, order, acknowledged.clone()))
    });
    let load: Vec<_> = load.collect();
    while acknowledged.load(Ordering::SeqCst) < 100 {
        tokio::task::yield_now().await;
    }
    server.kill().await;
    let mut tried = Tried::new();
    for buyer in load {
        tried.extend(buyer.await.unwrap());
    }
    assert!(tried.iter().any(|(_, id)| id.is_none()), "nothing was under way when the server was killed");

    let server = Server::start(&database).await;
    let (admin, buyer) = (admin.at(&server), buyer.at(&server));
    for (_, id) in tried.iter().filter(|(_, id)| id.is_some()) {
        buyer.get(&format!("/orders/{}", id.as_deref().unwrap())).await;
    }
    let again = at_once(tried.into_iter().map(|(key, first)| {
        let order = order_for(&key, &a, &b);
        retry(buyer.clone(), key, first, order)
    }));
    let orders = again.await.len();
    assert_eq!(admin.all("/orders").await.len(), orders, "one order for each key");
    let left = 100_000 - i64::try_from(orders).unwrap();
    assert_eq!((admin.on_hand(&a).await, admin.on_hand(&b).await), (left, left));
}

fn order_for(key: &str, a: &str, b: &str) -> Value {
    let buyer: usize = key.split('-').next().unwrap().parse().unwrap();
    if buyer.is_multiple_of(2) { order_of(&[a, b]) } else { order_of(&[b, a]) }
}

async fn buy_until_it_breaks(buyer: Client, n: usize, order: Value, acknowledged: Arc<AtomicUsize>) -> Tried {
    let mut tried = Tried::new();
    for k in 0..ORDERS_EACH {
        let key = format!("{n}-{k}");
        let answer = buyer.post("/orders", &order, Some(&key)).await;
        let Some((status, body)) = answer else {
            tried.push((key, None));
            break;
        };
        assert_eq!(status, StatusCode::CREATED, "{body}");
        acknowledged.fetch_add(1, Ordering::SeqCst);
        tried.push((key, body["id"].as_str().map(str::to_owned)));
    }
    tried
}

/// The same request again gives the same order, whether its first answer came or not.
async fn retry(buyer: Client, key: String, first: Option<String>, order: Value) {
    let (status, body) = buyer.post("/orders", &order, Some(&key)).await.unwrap();
    assert_eq!(status, StatusCode::CREATED, "{body}");
    if let Some(first) = first {
        assert_eq!(body["id"], first.as_str(), "{key}");
    }
}
