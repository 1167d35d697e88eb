//! What is due of payments is done by itself, and in time.

use serde_json::{Value, json};
use testkit::{Client, TestDatabase, nudge, number, on_every_database, until};

use crate::support::stripe_shop::StripeShop;

on_every_database!(
    a_payment_of_a_cancelled_order_is_given_up_without_waiting_for_the_next_look_r90,
    one_server_announces_once_that_an_authorisation_expires_soon_r95_r165,
);

async fn a_payment_of_a_cancelled_order_is_given_up_without_waiting_for_the_next_look_r90(database: TestDatabase) {
    const ORDERS: usize = 8;
    let shop = StripeShop::on(database);
    let server = shop.open(&[]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(100).await;
    let mut begun = Vec::new();
    for _ in 0..ORDERS {
        begun.push(shop.begin(&buyer, &product).await);
    }
    for one in &begun {
        // The void is written down with the cancelled order, and nobody asks the provider within the request.
        buyer.send("POST", &format!("/orders/{}/cancel", one.order), &json!({})).await.expect(200);
        until("voided", async || admin.get(&format!("/payments/{}", one.id)).await["status"] == "voided").await;
    }
    // Without being woken, the server looks every 5 s. Each order but the first is cancelled just after a look that has
    // done something, so that each of them would wait for almost 5 s, by the clock that the shop goes by.
    let quickest = "SELECT MIN(finished_at - created_at) FROM payment_operations WHERE kind = 'void' AND id >
        (SELECT MIN(id) FROM payment_operations WHERE kind = 'void')";
    let micros = number(&shop.database, quickest).await;
    assert!(micros < 2_500_000, "{micros}");
    shop.agrees(&admin).await;
}

/// The events of this type so far.
async fn told(admin: &Client) -> Vec<Value> {
    let page = admin.get("/events?types=payment.authorisation_expiring").await;
    page["items"].as_array().unwrap().clone()
}

async fn one_server_announces_once_that_an_authorisation_expires_soon_r95_r165(database: TestDatabase) {
    let shop = StripeShop::on(database);
    let server = shop.open(&[("STOREKEEPER__PAYMENTS__CAPTURE", "manual")]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(100).await;
    let (held, taken) = (shop.paid(&buyer, &product).await, shop.paid(&buyer, &product).await);
    admin.send("POST", &format!("/payments/{}/capture", taken.id), &json!({})).await.expect(200);
    assert_eq!(told(&admin).await, [Value::Null; 0], "it is held for a week");
    shop.fake.books(|books| books.holds_for = Some(20 * 3600));
    let looks =
        || shop.fake.seen().iter().filter(|seen| seen.path == format!("payment_intents/{}", held.reference)).count();
    for round in 0..3 {
        let before = looks();
        // The server asks for what is open for long, and has not asked for a while.
        for sql in ["UPDATE payments SET updated_at = 0", "DELETE FROM leases WHERE task = 'reconcile_payments'"] {
            until("changed", async || nudge(&shop.database, sql).await).await;
        }
        until("asked", async || looks() > before).await;
        until("told", async || !told(&admin).await.is_empty()).await;
        let told = told(&admin).await;
        let [event] = &told[..] else { panic!("round {round}: {told:?}") };
        let payment = admin.get(&format!("/payments/{}", held.id)).await;
        assert_eq!((&event["stream"], &event["data"]["payment_id"]), (&json!(held.order), &json!(held.id)));
        assert_eq!(event["data"]["status"], "authorised");
        assert_eq!(event["data"]["authorised_until"], payment["authorised_until"]);
    }
}
