//! Products from memory, and never old ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, at_once, on_every_database, order_of};

on_every_database!(
    a_write_is_seen_at_once_on_the_same_server_a_hundred_times_among_readers_r71,
    a_write_is_seen_within_a_second_on_another_server_r71,
    many_buyers_leave_no_server_with_old_stock_r71,
);

/// How long another server may not know of a change.
const SOON: Duration = Duration::from_secs(1);

async fn in_stock(client: &Client, product: &str) -> bool {
    client.get(&format!("/products/{product}")).await["in_stock"].as_bool().unwrap()
}

/// Whether the list says that it is in stock; `None` if it is not in it.
async fn listed(client: &Client, product: &str) -> Option<bool> {
    let page = client.get("/products?limit=100").await;
    let items = page["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == product).map(|item| item["in_stock"].as_bool().unwrap())
}

async fn adjust(client: &Client, product: &str, quantity: i64) {
    let body = json!({"quantity": quantity, "reason": "counted"});
    let (status, body) = client.post(&format!("/products/{product}/stock/adjustments"), &body, None).await.unwrap();
    assert_eq!(status, StatusCode::CREATED, "{body}");
}

/// Readers who ask for the product and the list until they are told to stop; how often they did.
fn readers(client: &Client, product: &str, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<usize>> {
    let read = |path: String| {
        let (client, stop) = (client.clone(), stop.clone());
        tokio::spawn(async move {
            let mut reads = 0;
            while !stop.load(Ordering::Relaxed) {
                client.get(&path).await;
                reads += 1;
            }
            reads
        })
    };
    (0..4)
        .map(|n| read(if n % 2 == 0 { format!("/products/{product}") } else { "/products?limit=100".into() }))
        .collect()
}

async fn a_write_is_seen_at_once_on_the_same_server_a_hundred_times_among_readers_r71(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(0).await;
    let stop = Arc::new(AtomicBool::new(false));
    let readers = readers(&admin, &product, &stop);
    for round in 0..100 {
        let stocked = round % 2 == 0;
        adjust(&admin, &product, if stocked { 1 } else { -1 }).await;
        assert_eq!(in_stock(&admin, &product).await, stocked, "round {round}");
        assert_eq!(listed(&admin, &product).await, Some(stocked), "round {round}");
    }
    let new = admin.product(1).await;
    assert_eq!(listed(&admin, &new).await, Some(true), "a new product is in the list");
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

async fn a_write_is_seen_within_a_second_on_another_server_r71(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&one).await;
    let there = admin.at(&two);
    let product = admin.product(0).await;
    let stop = Arc::new(AtomicBool::new(false));
    let readers = readers(&there, &product, &stop);
    let mut longest = Duration::ZERO;
    for round in 0..12 {
        let stocked = round % 2 == 0;
        adjust(&admin, &product, if stocked { 1 } else { -1 }).await;
        let written = Instant::now();
        // The question is when the last old answer was asked for.
        let mut asked = Duration::ZERO;
        while in_stock(&there, &product).await != stocked || listed(&there, &product).await != Some(stocked) {
            asked = written.elapsed();
            assert!(asked < SOON, "round {round}: still old after {asked:?}");
        }
        longest = longest.max(asked);
    }
    eprintln!("the longest that another server did not know: {longest:?}");
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

async fn many_buyers_leave_no_server_with_old_stock_r71(database: TestDatabase) {
    let (one, two) = tokio::join!(Server::start(&database), Server::start(&database));
    let admin = Client::admin(&one).await;
    let product = admin.product(20).await;
    let buyer = Client::customer(&one, "buyer").await;
    assert!(in_stock(&buyer, &product).await && in_stock(&buyer.at(&two), &product).await);
    let sold = Arc::new(AtomicUsize::new(0));
    at_once((0..40).map(|n| {
        let (buyer, sold) = (if n % 2 == 0 { buyer.clone() } else { buyer.at(&two) }, sold.clone());
        let order = order_of(&[&product]);
        async move {
            let (status, _) = buyer.post("/orders", &order, None).await.unwrap();
            sold.fetch_add(usize::from(status == StatusCode::CREATED), Ordering::Relaxed);
        }
    }))
    .await;
    assert_eq!(sold.load(Ordering::Relaxed), 20);
    tokio::time::sleep(SOON).await;
    for client in [&buyer, &buyer.at(&two)] {
        assert!(!in_stock(client, &product).await);
        assert_eq!(listed(client, &product).await, Some(false));
    }
}

#[tokio::test]
async fn a_sold_out_product_is_shown_as_out_of_stock_at_once_r71() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(2).await;
    let buyer = Client::customer(&server, "buyer").await;
    for left in [1, 0] {
        assert!(in_stock(&buyer, &product).await);
        let (status, _) = buyer.post("/orders", &order_of(&[&product]), None).await.unwrap();
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(in_stock(&buyer, &product).await, left > 0);
        assert_eq!(listed(&buyer, &product).await, Some(left > 0));
    }
}

#[tokio::test]
async fn a_cached_response_has_the_same_headers_and_can_be_revalidated_r71() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let products = [admin.product(1).await, admin.product(1).await];
    for path in [format!("/products/{}", products[0]), "/products?limit=1".to_owned()] {
        let mut answers = Vec::new();
        for _ in 0..2 {
            let answer = admin.request(Method::GET, &path).send().await.unwrap();
            let headers: Vec<_> = ["etag", "cache-control", "vary", "content-type", "link"]
                .map(|name| answer.headers().get(name).cloned())
                .into();
            answers.push((answer.status(), headers, answer.text().await.unwrap()));
        }
        assert_eq!(answers[0], answers[1]);
        let etag = answers[0].1[0].clone().unwrap();
        let confirmed = admin.request(Method::GET, &path).header("If-None-Match", etag).send().await.unwrap();
        assert_eq!(confirmed.status(), StatusCode::NOT_MODIFIED);
    }
    let next = admin.all("/products").await;
    assert_eq!(next.len(), 2, "a cursor from memory leads on");
}

#[tokio::test]
async fn a_cached_response_is_shared_and_given_only_to_authorised_callers_r71_r6() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(1).await;
    let buyer = Client::customer(&server, "buyer").await;
    let path = format!("{}/api/v1/products/{product}", server.address);
    assert!(in_stock(&admin, &product).await && in_stock(&buyer, &product).await);
    let answer = reqwest::get(&path).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let private = buyer.request(Method::GET, &format!("/products/{product}")).send().await.unwrap();
    assert_eq!(private.headers()["cache-control"], "private, no-cache");

    let archived = json!({"status": "archived"});
    let old = admin.product(1).await;
    assert!(in_stock(&buyer, &old).await);
    let answer = admin.request(Method::PATCH, &format!("/products/{old}")).json(&archived).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(in_stock(&admin, &old).await, "administrators see it still");
    let answer = buyer.request(Method::GET, &format!("/products/{old}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);

    // With a public catalogue the same answer is public for whoever did not log in, and for nobody else.
    let public = Server::start_with(&database, &database.url, &[("STOREKEEPER__CATALOG__PUBLIC", "true")]).await;
    let path = format!("{}/api/v1/products/{product}", public.address);
    for _ in 0..2 {
        let private = buyer.at(&public).request(Method::GET, &format!("/products/{product}")).send().await.unwrap();
        assert_eq!(private.headers()["cache-control"], "private, no-cache");
        let open = reqwest::get(&path).await.unwrap();
        assert_eq!(open.headers()["cache-control"], "public, no-cache");
        assert_eq!(open.headers()["vary"], "Authorization");
    }
}

#[tokio::test]
async fn carts_orders_and_accounts_are_never_cached_for_another_caller_r71() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(9).await;
    let (ann, bob) = (Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    ann.post("/cart/items", &json!({"product_id": product, "quantity": 2}), None).await.unwrap();
    ann.post("/orders", &order_of(&[&product]), None).await.unwrap();
    for _ in 0..2 {
        assert_eq!(ann.get("/cart").await["item_count"], 2);
        assert_eq!(bob.get("/cart").await["item_count"], 0);
        assert_eq!(bob.get("/orders").await["items"], Value::Array(Vec::new()));
        assert_ne!(ann.get("/me").await["id"], bob.get("/me").await["id"]);
    }
}

#[tokio::test]
async fn most_reads_hit_the_cache_and_it_can_be_disabled_r71_r77() {
    let database = TestDatabase::sqlite();
    for (kept, expected) in [("true", (3, 1)), ("false", (0, 0))] {
        let server = Server::start_with(&database, &database.url, &[("STOREKEEPER__CACHE__PRODUCTS", kept)]).await;
        let admin = Client::admin(&server).await;
        let product = admin.product(1).await;
        // Until the server has seen its own change among those of all servers.
        tokio::time::sleep(SOON).await;
        for _ in 0..4 {
            admin.get(&format!("/products/{product}")).await;
        }
        let text = reqwest::get(format!("{}/metrics", server.address)).await.unwrap().text().await.unwrap();
        let count = |outcome| {
            let series = format!("storekeeper_product_cache_total{{outcome=\"{outcome}\"}} ");
            text.lines().find_map(|line| line.strip_prefix(&series)?.parse::<u32>().ok())
        };
        assert_eq!(count("hit").zip(count("miss")), Some(expected));
    }
}
