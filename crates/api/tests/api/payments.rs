//! Paying orders, with the test provider, by hand, and with the fake of Stripe.

use serde_json::{Value, json};
use testkit::{App, Customer, Reply, spawn_with, until};

use crate::support::fake_stripe::{FakeStripe, SECRET_KEY, WEBHOOK_SECRET};

const TEST: (&str, &str) = ("payments.test.enabled", "true");
const REQUIRED: (&str, &str) = ("payments.required", "true");

/// A customer with an order of two mugs, 39.98 dollars.
async fn with_order(app: &App, name: &str) -> (Customer, String) {
    let customer = app.customer(name).await;
    let mug = app.product("Blue mug", 1999, 10).await;
    let order = json!({ "items": [{ "product_id": mug, "quantity": 2 }] });
    let placed = app.post("/api/v1/orders").token(&customer.token).json(&order).send().await.expect(201);
    let id = placed.text("/id").to_owned();
    (customer, id)
}

async fn pay(app: &App, token: &str, order: &str, how: Value) -> Reply {
    app.post(&format!("/api/v1/orders/{order}/payments")).token(token).json(&how).send().await
}

async fn order(app: &App, token: &str, id: &str) -> Reply {
    app.get(&format!("/api/v1/orders/{id}")).token(token).send().await.expect(200)
}

fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

#[tokio::test]
async fn without_a_provider_nothing_can_be_paid_and_nothing_has_to_be_r80_r82() {
    let app = spawn_with(&[]).await;
    let (ann, id) = with_order(&app, "ann").await;
    let shown = order(&app, &ann.token, &id).await;
    assert_eq!((shown.text("/payment_status"), shown.number("/amounts/payable/amount")), ("not_required", 3998));
    let methods = app.get("/api/v1/payment-methods").token(&ann.token).send().await.expect(200);
    assert!(methods.items().is_empty());
    let refused = pay(&app, &ann.token, &id, json!({ "provider": "stripe" })).await.expect(422);
    assert_eq!(refused.text("/errors/0/field"), "provider");
    app.post("/api/v1/webhooks/payments/stripe").json(&json!({})).send().await.expect(404);
}

#[tokio::test]
async fn a_paid_order_goes_on_and_an_unpaid_one_waits_r66_r80_r81_r82() {
    let app = spawn_with(&[TEST, REQUIRED]).await;
    let (ann, id) = with_order(&app, "ann").await;
    assert_eq!(order(&app, &ann.token, &id).await.text("/payment_status"), "unpaid");
    let step = json!({ "status": "processing" });
    let advance = || app.post(&format!("/api/v1/orders/{id}/status")).token(&app.admin).json(&step);
    let refused = advance().send().await.expect(409);
    assert!(refused.text("/type").ends_with("payment-required"));
    let methods = app.get(&format!("/api/v1/payment-methods?order_id={id}")).token(&ann.token).send().await.expect(200);
    assert_eq!((methods.text("/items/0/provider"), methods.items()[0]["usable"].as_bool()), ("test", Some(true)));
    let paid = pay(&app, &ann.token, &id, json!({ "provider": "test" })).await.expect(201);
    assert_eq!((paid.text("/status"), paid.number("/captured/amount")), ("captured", 3998));
    let shown = order(&app, &ann.token, &id).await;
    assert_eq!((shown.text("/payment_status"), shown.number("/amounts/due/amount")), ("paid", 0));
    let since = format!("/api/v1/orders?updated_after={}", paid.text("/updated_at"));
    let changed = app.get(&since).token(&ann.token).send().await.expect(200);
    assert_eq!(changed.items().len(), 1, "an order changes when it is paid");
    let again = pay(&app, &ann.token, &id, json!({ "provider": "test" })).await.expect(409);
    assert!(again.text("/type").ends_with("nothing-due"));
    advance().send().await.expect(200);
    let listed = app.get(&format!("/api/v1/orders/{id}/payments")).token(&ann.token).send().await.expect(200);
    assert_eq!(listed.items().len(), 1);
    assert!(listed.items()[0]["next_action"].is_null());
}

#[tokio::test]
async fn the_same_key_begins_one_payment_and_shows_it_as_it_stands_now_r82_r90() {
    let app = spawn_with(&[TEST]).await;
    let (ann, id) = with_order(&app, "ann").await;
    let begin = || {
        let how = json!({ "provider": "test", "method": "requires_action" });
        let call = app.post(&format!("/api/v1/orders/{id}/payments")).token(&ann.token);
        testkit::Call(call.json(&how).0.header("Idempotency-Key", "once"))
    };
    let first = begin().send().await.expect(201);
    assert_eq!((first.text("/status"), first.text("/next_action/type")), ("requires_action", "test"));
    let act = first.text("/next_action/path").to_owned();
    app.post(&act).token(&ann.token).json(&json!({ "outcome": "pay" })).send().await.expect(204);
    let again = begin().send().await.expect(200);
    assert_eq!((again.text("/id"), again.text("/status")), (first.text("/id"), "captured"));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    app.post(&act).token(&ann.token).json(&json!({ "outcome": "pay" })).send().await.expect(409);
}

#[tokio::test]
async fn payments_of_others_are_not_found_and_only_administrators_choose_amounts_r82_r83() {
    let app = spawn_with(&[TEST]).await;
    let (ann, id) = with_order(&app, "ann").await;
    let bob = app.customer("bob").await;
    pay(&app, &bob.token, &id, json!({ "provider": "test" })).await.expect(404);
    let part = json!({ "provider": "test", "amount": usd(1000) });
    let refused = pay(&app, &ann.token, &id, part.clone()).await.expect(422);
    assert_eq!(refused.text("/errors/0/field"), "amount");
    let paid = pay(&app, &app.admin, &id, part).await.expect(201);
    let payment = format!("/api/v1/payments/{}", paid.text("/id"));
    for path in [payment.clone(), format!("/api/v1/orders/{id}/payments"), format!("/api/v1/orders/{id}/refunds")] {
        app.get(&path).token(&bob.token).send().await.expect(404);
        app.get(&path).token(&ann.token).send().await.expect(200);
    }
    app.post(&format!("{payment}/sync")).token(&bob.token).send().await.expect(404);
    assert_eq!(order(&app, &ann.token, &id).await.text("/payment_status"), "partially_paid");
    let mine = app.get(&payment).token(&ann.token).send().await.expect(200);
    let all = app.get(&payment).token(&app.admin).send().await.expect(200);
    assert!(mine.body["operations"].is_null() && all.body["operations"][0]["kind"] == "begin");
    let elsewhere = json!({ "provider": "test", "return_url": "https://evil.example" });
    let refused = pay(&app, &ann.token, &id, elsewhere).await.expect(422);
    assert_eq!(refused.text("/errors/0/field"), "return_url");
}

#[tokio::test]
async fn held_money_is_taken_once_and_goes_back_in_parts_r85_r87_r97() {
    let app = spawn_with(&[TEST, ("payments.capture", "manual")]).await;
    let (ann, id) = with_order(&app, "ann").await;
    let held = pay(&app, &ann.token, &id, json!({ "provider": "test" })).await.expect(201);
    let payment = format!("/api/v1/payments/{}", held.text("/id"));
    assert_eq!((held.text("/status"), held.number("/authorised/amount")), ("authorised", 3998));
    app.post(&format!("{payment}/void")).token(&ann.token).send().await.expect(409);
    let taken = app.post(&format!("{payment}/capture")).token(&app.admin).json(&json!({ "amount": usd(3000) }));
    let taken = taken.send().await.expect(200);
    assert_eq!((taken.number("/captured/amount"), taken.number("/released/amount")), (3000, 998));
    let refund = |amount: i64| {
        let refund = json!({ "amount": usd(amount), "reason": "damaged", "note": "a secret of the house" });
        app.post(&format!("/api/v1/orders/{id}/refunds")).token(&app.admin).json(&refund)
    };
    let back = refund(1000).send().await.expect(201);
    assert_eq!((back.text("/status"), back.number("/amount/amount")), ("succeeded", 1000));
    let more = refund(2001).send().await.expect(409);
    assert!(more.text("/type").ends_with("not-refundable"));
    let seen = app.get(&format!("/api/v1/refunds/{}", back.text("/id"))).token(&ann.token).send().await.expect(200);
    assert!(seen.body["note"].is_null());
    let ledger = app.get(&format!("/api/v1/orders/{id}/ledger")).token(&app.admin).send().await.expect(200);
    let moved: Vec<_> = ledger
        .items()
        .iter()
        .map(|one| (one["debit"].as_str().unwrap().to_owned(), one["amount"]["amount"].as_i64().unwrap()))
        .collect();
    assert_eq!(moved, [("clearing:test".to_owned(), 3000), ("customer".to_owned(), 1000)]);
    let balances = app.get("/api/v1/ledger/balances").token(&app.admin).send().await.expect(200);
    let sum: i64 = balances.items().iter().map(|one| one["balance"]["amount"].as_i64().unwrap()).sum();
    assert_eq!(sum, 0);
    let call = app.get("/api/v1/ledger").token(&app.admin).0.header("Accept", "text/csv");
    let table = call.send().await.unwrap();
    assert!(table.headers()["content-type"].to_str().unwrap().starts_with("text/csv"));
    let table = table.text().await.unwrap();
    assert!(table.starts_with("id,at,order_id,debit,credit,amount,currency,cause,cause_id,part\n"), "{table}");
    assert_eq!(table.lines().count(), 3);
}

#[tokio::test]
async fn a_bank_transfer_is_entered_once_and_refunded_by_hand_r93() {
    let app = spawn_with(&[
        ("payments.manual.enabled", "true"),
        ("payments.manual.instructions", "Transfer to DE00."),
        REQUIRED,
    ])
    .await;
    let (ann, id) = with_order(&app, "ann").await;
    let begun = pay(&app, &ann.token, &id, json!({ "provider": "manual" })).await.expect(201);
    assert_eq!((begun.text("/status"), begun.text("/next_action/text")), ("processing", "Transfer to DE00."));
    let payment = format!("/api/v1/payments/{}/receive", begun.text("/id"));
    let receive = |reference: &str, amount: i64| {
        let money = json!({ "amount": usd(amount), "reference": reference, "received_on": "2026-01-31" });
        app.post(&payment).token(&app.admin).json(&money)
    };
    receive("line 1", 1998).send().await.expect(201);
    assert_eq!(order(&app, &ann.token, &id).await.text("/payment_status"), "partially_paid");
    receive("line 1", 1998).send().await.expect(409);
    receive("line 2", 2000).send().await.expect(201);
    assert_eq!(order(&app, &ann.token, &id).await.text("/payment_status"), "paid");
    let refund = json!({ "amount": usd(500), "reason": "goodwill" });
    let refund = app.post(&format!("/api/v1/orders/{id}/refunds")).token(&app.admin).json(&refund).send().await;
    assert_eq!(refund.text("/status"), "pending");
    let paid = format!("/api/v1/refunds/{}/paid", refund.text("/id"));
    let paid = app.post(&paid).token(&app.admin).json(&json!({ "reference": "line 3" })).send().await.expect(200);
    assert_eq!(paid.text("/status"), "succeeded");
    assert_eq!(order(&app, &ann.token, &id).await.text("/payment_status"), "partially_refunded");
}

/// The settings of a shop that takes payments by this Stripe.
fn stripe(fake: &FakeStripe) -> [(&str, &str); 4] {
    [
        ("payments.stripe.secret_key", SECRET_KEY),
        ("payments.stripe.publishable_key", "pk_test_1"),
        ("payments.stripe.webhook_secrets", WEBHOOK_SECRET),
        ("payments.stripe.api_base", &fake.address),
    ]
}

#[tokio::test]
async fn a_signed_notice_of_stripe_pays_the_order_once_r88_r95() {
    let fake = FakeStripe::start();
    let app = spawn_with(&[&[REQUIRED][..], &stripe(&fake)].concat()).await;
    let (ann, id) = with_order(&app, "ann").await;
    let begun = pay(&app, &ann.token, &id, json!({ "provider": "stripe" })).await.expect(201);
    assert_eq!(begun.text("/next_action/type"), "client_secret");
    let seen = app.get(&format!("/api/v1/payments/{}", begun.text("/id"))).token(&ann.token).send().await.expect(200);
    assert!(seen.body["next_action"].is_null());
    let reference = seen.text("/reference").to_owned();
    fake.books(|books| books.pay(&reference));
    let event = fake.events().pop().unwrap();
    let webhook = app.url("/api/v1/webhooks/payments/stripe");
    assert_eq!(fake.deliver(&webhook, &event).await, 200);
    until("paid", async || order(&app, &ann.token, &id).await.text("/payment_status") == "paid").await;
    assert_eq!(fake.deliver(&webhook, &event).await, 200, "a repeated notice is no error");
    let forged = testkit::http().post(&webhook).header("Stripe-Signature", "t=1,v1=0").body("{}").send().await.unwrap();
    assert_eq!(forged.status(), 400);
    let balance = fake.books(|books| books.balances()).remove(0);
    assert_eq!((balance.captured, balance.order_id.as_str()), (3998, id.as_str()));
    assert_eq!(order(&app, &ann.token, &id).await.number("/amounts/captured/amount"), 3998);
}

#[tokio::test]
async fn a_refund_of_the_provider_that_was_recorded_as_paid_outside_counts_once_r87_r89() {
    let fake = FakeStripe::start();
    let app = spawn_with(&stripe(&fake)).await;
    let (ann, id) = with_order(&app, "ann").await;
    let begun = pay(&app, &ann.token, &id, json!({ "provider": "stripe" })).await.expect(201);
    let reference = begun.text("/reference").to_owned();
    fake.books(|books| books.pay(&reference));
    let sync = || app.post(&format!("/api/v1/payments/{}/sync", begun.text("/id"))).token(&app.admin);
    sync().send().await.expect(200);
    let made = fake.books(|books| books.refund_on_page(&reference, 500));
    let outside = || {
        let refund = json!({ "amount": usd(500), "reason": "damaged", "outside": { "reference": made } });
        app.post(&format!("/api/v1/orders/{id}/refunds")).token(&app.admin).json(&refund)
    };
    outside().send().await.expect(201);
    let taken = outside().send().await.expect(409);
    assert_eq!(taken.text("/errors/0/field"), "outside.reference");
    for _ in 0..2 {
        let synced = sync().send().await.expect(200);
        assert_eq!((synced.number("/refunded/amount"), synced.body["finding"].is_null()), (500, true));
    }
    let refunds = app.get(&format!("/api/v1/orders/{id}/refunds")).token(&app.admin).send().await.expect(200);
    let origins: Vec<_> = refunds.items().iter().map(|one| one["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["provider"]);
    let balances = app.get("/api/v1/ledger/balances").token(&app.admin).send().await.expect(200);
    let of = |account: &str| {
        let found = balances.items().iter().find(|one| one["account"] == account);
        found.map(|one| one["balance"]["amount"].as_i64().unwrap())
    };
    assert_eq!((of("clearing:stripe"), of("bank")), (Some(3498), Some(0)));
}
