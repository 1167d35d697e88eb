//! Webhooks go out whatever dies, from however many servers.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use testkit::{Client, Server, TestDatabase, on_every_database, order, until, well};

use crate::support::receiver::{Manner, Receiver, SETTINGS};

on_every_database!(
    a_webhook_goes_out_with_the_same_id_after_the_server_was_killed_r169_r170,
    two_servers_deliver_each_event_and_one_that_hangs_delays_only_itself_r170,
    deliveries_of_a_paused_endpoint_are_sent_once_it_is_resumed_r168_r171,
    without_an_endpoint_nothing_is_written_for_webhooks_r168,
);

async fn start(database: &TestDatabase) -> Server {
    let settings = [&SETTINGS[..], &[("STOREKEEPER__WEBHOOKS__TIMEOUT", "1s")]].concat();
    Server::start_with(database, &database.url, &settings).await
}

/// Makes an endpoint. Returns its id and its secret.
async fn endpoint(admin: &Client, receiver: &Receiver, types: &str) -> (String, String) {
    let body = json!({"url": receiver.url, "types": types});
    let made = admin.send("POST", "/webhook-endpoints", &body).await.expect(201);
    (made.id(), made.text("/secret").to_owned())
}

async fn a_webhook_goes_out_with_the_same_id_after_the_server_was_killed_r169_r170(database: TestDatabase) {
    let server = start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(100).await;
    let buyer = Client::customer(&server, "buyer").await;
    let receiver = Receiver::new(Manner::Hangs).await;
    let (_, secret) = endpoint(&admin, &receiver, "order.*").await;
    let first = order(&buyer, &product).await;
    until("sent", async || receiver.id_of("order.placed", &first).is_some()).await;
    // One webhook is under way, and the order after it has just been committed.
    let second = order(&buyer, &product).await;
    server.kill().await;
    let began = receiver.id_of("order.placed", &first).unwrap();
    let before = receiver.came().len();
    receiver.changes_to(Manner::Answers(204));
    let server = start(&database).await;
    let admin = Client::admin(&server).await;
    until("sent again", async || {
        receiver.came().len() > before && receiver.ids("order.placed").iter().filter(|id| **id == began).count() > 1
    })
    .await;
    until("sent too", async || receiver.id_of("order.placed", &second).is_some()).await;
    let placed = admin.get("/events?types=order.placed").await;
    let ids: HashSet<_> = placed["items"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect();
    let came: HashSet<_> = receiver.ids("order.placed").into_iter().map(serde_json::Value::from).collect();
    assert_eq!(came, ids);
    assert!(receiver.came().iter().all(|came| came.is_signed_with(&secret)));
    well(&database, &["doctor"]).await;
}

async fn two_servers_deliver_each_event_and_one_that_hangs_delays_only_itself_r170(database: TestDatabase) {
    let (one, two) = tokio::join!(start(&database), start(&database));
    let admin = Client::admin(&one).await;
    let (good, silent) = (Receiver::new(Manner::Answers(200)).await, Receiver::new(Manner::Hangs).await);
    let (id, _) = endpoint(&admin, &good, "product.*").await;
    endpoint(&admin, &silent, "*").await;
    let mut products = HashSet::new();
    for number in 0..20 {
        let at = admin.at(if number % 2 == 0 { &one } else { &two });
        products.insert(at.product(1).await);
    }
    let arrived = || good.came().iter().map(|came| came.event()["stream"].as_str().unwrap().to_owned()).collect();
    until("delivered", async || {
        let streams: HashSet<String> = arrived();
        streams.is_superset(&products)
    })
    .await;
    until("noted", async || {
        admin.all(&format!("/webhook-endpoints/{id}/deliveries?status=succeeded")).await.len() == products.len()
    })
    .await;
    assert_eq!(good.ids("product.created").len(), products.len(), "each once, as nobody died");
    assert!(!silent.came().is_empty());
}

async fn deliveries_of_a_paused_endpoint_are_sent_once_it_is_resumed_r168_r171(database: TestDatabase) {
    let server = start(&database).await;
    let admin = Client::admin(&server).await;
    let receiver = Receiver::new(Manner::Answers(200)).await;
    let (id, _) = endpoint(&admin, &receiver, "product.created").await;
    admin.ask("POST", &format!("/webhook-endpoints/{id}/pause")).await.expect(200);
    let product = admin.product(1).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(receiver.came().is_empty());
    admin.ask("POST", &format!("/webhook-endpoints/{id}/resume")).await.expect(200);
    until("sent", async || receiver.id_of("product.created", &product).is_some()).await;
}

async fn without_an_endpoint_nothing_is_written_for_webhooks_r168(database: TestDatabase) {
    let server = start(&database).await;
    let admin = Client::admin(&server).await;
    admin.product(1).await;
    admin.get("/events?after=0&wait=25").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    for table in ["webhook_endpoints", "webhook_deliveries", "webhook_attempts"] {
        assert_eq!(testkit::number(&database, &format!("SELECT COUNT(*) FROM {table}")).await, 0);
    }
}
