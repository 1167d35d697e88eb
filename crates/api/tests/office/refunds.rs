//! Money that goes back: by providers, and by the hands of somebody of the shop.

use serde_json::{Value, json};
use testkit::{App, nudge, spawn_with, until};

use super::browser::{Browser, changed};
use super::customers::staff;

const BY_HAND: [(&str, &str); 2] = [("payments.manual.enabled", "true"), ("payments.manual.instructions", "IBAN DE00")];
const HELD: [(&str, &str); 3] =
    [("payments.test.enabled", "true"), ("payments.required", "true"), ("payments.capture", "manual")];

/// An order of two units that its buyer has begun to pay in this way, and the payment.
async fn begun(app: &App, provider: &str) -> (String, String) {
    let product = app.product("Blue mug", 1999, 50).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    let order = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
    let payment = app.post(&format!("/api/v1/orders/{order}/payments")).token(&ann.token).key("k");
    let payment = payment.json(&json!({ "provider": provider })).send().await.expect(201).id();
    (order, payment)
}

/// The same, of which all was received by bank transfer.
async fn received(app: &App) -> (String, String) {
    let (order, payment) = begun(app, "manual").await;
    let receipt = json!({ "amount": testkit::usd(3998), "reference": "line 7", "received_on": "2026-01-31" });
    app.office().send("POST", &format!("/payments/{payment}/receive"), &receipt).await.expect(201);
    (order, payment)
}

async fn refunds(app: &App, order: &str) -> Vec<Value> {
    app.office().get(&format!("/orders/{order}/refunds")).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_refund_of_a_bank_transfer_is_to_be_paid_by_hand_until_somebody_says_that_it_is_r93_r238_r240() {
    let app = spawn_with(&BY_HAND).await;
    let (order, payment) = received(&app).await;
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{order}");
    admin.open(&format!("{place}/refund")).await.expect(200).shows("You have to pay it back yourself");
    let asked = [("amount", "10"), ("reason", "damaged")];
    admin.act(&format!("{place}/refund"), &asked).await.expect_to("?done=owed");
    let after = admin.open(&format!("{place}?done=owed")).await.expect(200);
    assert!(after.texts("[role=status]")[0].contains("pay it back yourself"), "{}", after.text);
    let mark = after.values("a[data-opens][href*=refunds]", "href");
    assert_eq!(mark.len(), 1, "{}", after.text);

    let to_do = admin.open("").await.expect(200).texts(".to-do li");
    let line = "1 payment that you have to pay back yourself: 10.00\u{a0}USD";
    assert!(to_do.iter().any(|one| one == line), "{to_do:?}");
    let list = admin.open("payments?refund_to_pay=true").await.expect(200);
    assert_eq!(list.texts(".tabs [aria-current]"), ["Refunds to pay"]);
    assert_eq!(list.values("a.name", "href"), [format!("orders/{order}")]);
    let api = app.office().all("/payments?refund_to_pay=true").await;
    assert_eq!(api.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), [payment.as_str()]);

    let paid = mark[0].trim_start_matches("../").to_owned();
    let refused = admin.act(&paid, &[("reference", " ")]).await.expect(422);
    let sent = changed(refused.form(), &[("reference", "statement 13, line 2")]);
    for _ in 0..2 {
        admin.send(&paid, &sent).await.expect_to(&format!("{place}?done=repaid"));
    }
    let refund = refunds(&app, &order).await.remove(0);
    assert_eq!(refund["status"], "succeeded");
    let after = admin.open(&place).await.expect(200).hides("You have to pay it back yourself");
    assert!(after.values("a[href*='/paid']", "href").is_empty());
    assert!(app.office().all("/payments?refund_to_pay=true").await.is_empty());
    admin.act(&paid, &[("reference", "line 3")]).await.expect(409);
    let clerk = staff(&app, "cass", "catalogue").await;
    clerk.open(&paid).await.expect(403);
}

#[tokio::test]
async fn the_timeline_says_that_a_refund_began_and_later_what_came_of_it_r240() {
    let app = spawn_with(&BY_HAND).await;
    let (order, _) = received(&app).await;
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{order}");
    let moments = async || {
        let moments = admin.open(&place).await.expect(200).texts(".timeline > li");
        moments.into_iter().filter(|moment| moment.starts_with("Refund of 10.00\u{a0}USD")).collect::<Vec<_>>()
    };
    admin.act(&format!("{place}/refund"), &[("amount", "10"), ("reason", "damaged")]).await.expect(303);
    let begun = moments().await;
    assert!(begun.len() == 1 && begun[0].contains(" begun, damaged") && begun[0].contains("admin"), "{begun:?}");
    let refund = refunds(&app, &order).await.remove(0);
    let paid = format!("refunds/{}/paid", refund["id"].as_str().unwrap());
    admin.act(&paid, &[("reference", "line 2")]).await.expect(303);
    let after = moments().await;
    assert!(after.len() == 2 && after[0].contains("has gone back") && after[1] == begun[0], "{after:?}");
}

#[tokio::test]
async fn the_timeline_names_the_api_key_that_a_refund_was_asked_for_with_r240_r262() {
    let app = spawn_with(&BY_HAND).await;
    let (order, _) = received(&app).await;
    let key = json!({ "name": "ERP", "scopes": ["payments:write"] });
    let key = app.post("/api/v1/keys").token(&app.admin).json(&key).send().await.expect(201);
    let refund = json!({ "amount": testkit::usd(1000), "reason": "damaged" });
    let asked = app.post(&format!("/api/v1/orders/{order}/refunds")).token(key.text("/secret")).json(&refund);
    asked.send().await.expect(201);
    let admin = Browser::admin(&app).await;
    let shown = admin.open(&format!("orders/{order}")).await.expect(200).texts(".timeline > li");
    let begun: Vec<_> = shown.iter().filter(|moment| moment.contains(" begun, damaged")).collect();
    assert!(begun.len() == 1 && begun[0].contains("key ERP"), "{shown:?}");
    app.office().ask("DELETE", &format!("/keys/{}", key.id())).await.expect(204);
    let shown = admin.open(&format!("orders/{order}")).await.expect(200);
    shown.shows(&format!("account or key …{}", &key.id()[28..]));
}

#[tokio::test]
async fn a_cancelled_order_says_what_somebody_has_to_pay_back_by_hand_r93_r240() {
    let app = spawn_with(&BY_HAND).await;
    let (order, _) = received(&app).await;
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{order}/cancel");
    let form = admin.open(&place).await.expect(200).shows("You have to pay 39.98\u{a0}USD back yourself");
    form.hides("the way it came");
    admin.act(&place, &[]).await.expect_to("?done=owing");
    let page = admin.open(&format!("orders/{order}?done=owing")).await.expect(200);
    assert!(page.texts("[role=status]")[0].contains("pay the money back yourself"), "{}", page.text);
    assert_eq!(page.texts("a[href*='/paid']"), ["Mark as paid"]);
    let slip = admin.open(&format!("orders/{order}/slip")).await.expect(200);
    assert!(slip.texts("section.sheet tbody tr").is_empty(), "nothing is packed: {}", slip.text);
    let slips = admin.open(&format!("orders/slips?id={order}")).await.expect(200);
    assert!(slips.texts("section.sheet").is_empty(), "{}", slips.text);
    assert_eq!(slips.texts("[role=alert]"), ["1 of the chosen orders is cancelled and has no packing slip."]);
}

#[tokio::test]
async fn what_is_to_be_paid_by_hand_includes_refunds_that_wait_and_a_form_sent_twice_says_the_same_r93_r240_r249() {
    let app = spawn_with(&BY_HAND).await;
    let (order, _) = received(&app).await;
    let admin = Browser::admin(&app).await;
    admin.act(&format!("orders/{order}/refund"), &[("amount", "10"), ("reason", "damaged")]).await.expect(303);
    let place = format!("orders/{order}/cancel");
    let form = admin.open(&place).await.expect(200).shows("You have to pay 39.98\u{a0}USD back yourself");
    let sent = form.hides("the way it came").form();
    admin.send(&place, &sent).await.expect_to("?done=owing");
    for refund in refunds(&app, &order).await {
        let paid = format!("refunds/{}/paid", refund["id"].as_str().unwrap());
        admin.act(&paid, &[("reference", &paid)]).await.expect_to("?done=repaid");
    }
    admin.send(&place, &sent).await.expect_to("?done=owing");
    assert_eq!(refunds(&app, &order).await.len(), 2);
}

#[tokio::test]
async fn a_provider_that_is_not_configured_is_not_said_to_have_been_asked_r84_r240() {
    let app = spawn_with(&HELD).await;
    let (order, payment) = begun(&app, "test").await;
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("orders/{order}")).await.expect(200);
    let gone = "UPDATE payments SET provider = 'stripe'";
    until("another provider", async || nudge(app.database(), gone).await).await;
    let to = format!("orders/{order}?done=unasked");
    admin.send(&format!("payments/{payment}/sync"), &page.form_of("/sync")).await.expect_to(&to);
    admin.open(&to).await.expect(200).shows("The provider was not asked, because it is not configured.");
}

#[tokio::test]
async fn two_people_who_refund_what_both_have_seen_refund_once_r87_r240_r249() {
    let app = spawn_with(&BY_HAND).await;
    let (order, _) = received(&app).await;
    let (ann, bob) = (Browser::admin(&app).await, Browser::admin(&app).await);
    let place = format!("orders/{order}/refund");
    let typed = [("amount", "10"), ("reason", "damaged")];
    let hers = changed(ann.open(&place).await.expect(200).form(), &typed);
    let his = changed(bob.open(&place).await.expect(200).form(), &typed);
    for _ in 0..2 {
        ann.send(&place, &hers).await.expect(303);
    }
    let late = bob.send(&place, &his).await.expect(412);
    assert!(late.texts("[role=alert]")[0].contains("At most 29.98\u{a0}USD can go back now"), "{}", late.text);
    assert_eq!((refunds(&app, &order).await.len(), late.values("[name=amount]", "value")), (1, vec!["10".to_owned()]));
    bob.send(&place, &late.form()).await.expect(303);
    assert_eq!(refunds(&app, &order).await.len(), 2, "whoever has seen it may refund more");
}

#[tokio::test]
async fn what_is_held_is_captured_once_by_two_people_and_voided_by_a_form_r85_r86_r240_r249() {
    let app = spawn_with(&HELD).await;
    let (order, payment) = begun(&app, "test").await;
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("orders/{order}")).await.expect(200);
    let buttons = page.texts("td .actions :is(a, button)");
    assert_eq!(buttons, ["Capture", "Ask the provider", "Void"]);
    let sync = format!("payments/{payment}/sync");
    admin.send(&sync, &page.form_of("/sync")).await.expect_to(&format!("orders/{order}?done=synced"));

    let place = format!("payments/{payment}/capture");
    let form = admin.open(&place).await.expect(200).form();
    let late: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.clone(), if name == "version" { "1".to_owned() } else { value.clone() }))
        .collect();
    let stale = admin.send(&place, &late).await.expect(412).hides("the fields that say so");
    let why = stale.texts("[role=alert]").remove(0);
    assert!(why.contains("nothing was captured. 39.98\u{a0}USD are held now"), "{why}");
    assert_eq!(app.office().get(&format!("/payments/{payment}")).await["captured"]["amount"], 0);

    let void = format!("payments/{payment}/void");
    admin.open(&void).await.expect(200).shows("are released");
    for _ in 0..2 {
        admin.act(&void, &[]).await.expect_to("?done=voided");
    }
    assert_eq!(app.office().get(&format!("/payments/{payment}")).await["status"], "voided");
}

#[tokio::test]
async fn the_outcome_of_an_operation_is_recorded_once_and_only_of_its_payment_r90_r240() {
    let app = spawn_with(&HELD).await;
    let (_, payment) = begun(&app, "test").await;
    let admin = Browser::admin(&app).await;
    let operations = app.office().get(&format!("/payments/{payment}")).await["operations"].clone();
    let operation = operations[0]["id"].as_str().unwrap();
    let place = format!("payments/{payment}/operations/{operation}/resolve");
    let refused = admin.act(&place, &[("outcome", "not_done"), ("reference", "pi_1")]).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["reference"]);
    admin.act(&place, &[("outcome", "")]).await.expect(422);
    let known = admin.act(&place, &[("outcome", "not_done")]).await.expect(409);
    assert_eq!(known.texts("[role=alert]").len(), 1, "the outcome is known: {}", known.text);
    admin.open(&format!("payments/{payment}/operations/{}/resolve", testkit::NOTHING)).await.expect(404);
    admin.open(&format!("payments/{}/operations/{operation}/resolve", testkit::NOTHING)).await.expect(404);
}

#[tokio::test]
async fn whoever_may_not_open_orders_comes_back_to_the_payments_r235_r237() {
    let app = spawn_with(&BY_HAND).await;
    let (_, payment) = begun(&app, "manual").await;
    let role = json!({ "name": "bookkeeping", "scopes": ["payments:write"] });
    app.office().send("POST", "/roles", &role).await.expect(201);
    let bert = staff(&app, "bert", "bookkeeping").await;
    assert!(bert.open("payments").await.expect(200).values("main a.name", "href").is_empty());
    let place = format!("payments/{payment}/receive");
    let form = bert.open(&place).await.expect(200);
    assert_eq!(form.values("a[data-closes]", "href"), ["../../payments"]);
    let received = [("reference", "line 7"), ("received_on", "2026-01-31")];
    bert.act(&place, &received).await.expect_to("payments?done=received");
    bert.open("payments?done=received").await.expect(200).shows("The payment is recorded.");
}
