//! What is asked of a provider goes wrong at every point where it can, and the server is killed while it asks.

use serde_json::{Value, json};
use testkit::{Client, TestDatabase, at_once, nudge, number, on_every_database, order};

use super::away::split;
use super::proxy::Proxy;
use crate::support::fake_stripe::{Fault, Seen};
use crate::support::stripe_shop::{PRICE, StripeShop, pay, reference};

on_every_database!(
    a_fault_at_every_point_of_a_call_leaves_one_effect_r89_r90,
    a_server_killed_during_a_call_finishes_it_once_r90,
    a_refusal_by_the_provider_changes_nothing_and_can_be_repeated_r85_r86_r87_r90,
    killed_again_and_again_with_a_provider_that_fails_the_books_agree_r89_r90,
    a_database_that_aborts_the_transaction_with_the_answer_delays_it_and_doubles_nothing_r90,
    a_database_that_goes_between_the_answer_and_the_commit_delays_it_and_doubles_nothing_r90,
);

const MANUAL: (&str, &str) = ("STOREKEEPER__PAYMENTS__CAPTURE", "manual");
const CALLS: [Call; 4] = [Call::Begin, Call::Capture, Call::Void, Call::Refund];
const BACK: i64 = 500;

/// What a provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Begin,
    Capture,
    Void,
    Refund,
}

/// A payment just before a call.
#[derive(Debug, Clone)]
struct Case {
    call: Call,
    order: String,
    /// Its id and how the provider calls it; nothing before it is begun.
    payment: Option<(String, String)>,
    /// The key of the client.
    key: String,
}

impl Case {
    /// An order with its payment, up to the call.
    async fn before(call: Call, key: String, shop: &StripeShop, admin: &Client, buyer: &Client, product: &str) -> Self {
        let order = order(buyer, product).await;
        if call == Call::Begin {
            return Self { call, order, payment: None, key };
        }
        let begun = pay(buyer, &order).await;
        let (id, reference) = (begun["id"].as_str().unwrap().to_owned(), reference(&begun));
        shop.fake.books(|books| books.pay(&reference));
        buyer.ask("POST", &format!("/payments/{id}/sync")).await.expect(200);
        if call == Call::Refund {
            admin.send("POST", &format!("/payments/{id}/capture"), &json!({})).await.expect(200);
        }
        Self { call, order, payment: Some((id, reference)), key }
    }

    fn payment(&self) -> (&str, &str) {
        let (id, reference) = self.payment.as_ref().unwrap();
        (id, reference)
    }

    /// What is sent to the shop.
    fn request(&self) -> (String, Value) {
        let order = &self.order;
        match self.call {
            Call::Begin => (format!("/orders/{order}/payments"), json!({ "provider": "stripe" })),
            Call::Capture => (format!("/payments/{}/capture", self.payment().0), json!({})),
            Call::Void => (format!("/payments/{}/void", self.payment().0), json!({})),
            Call::Refund => {
                let amount = json!({ "amount": BACK, "currency": "USD" });
                (format!("/orders/{order}/refunds"), json!({ "amount": amount, "reason": "damaged" }))
            }
        }
    }

    /// Whether a request is the call to the provider.
    fn picks(&self) -> impl Fn(&Seen) -> bool + Send + use<> {
        let Self { call, order, payment, .. } = self.clone();
        let reference = payment.map(|(_, reference)| reference).unwrap_or_default();
        move |seen| {
            let has = |name: &str, value: &str| seen.parameters.contains(&(name.to_owned(), value.to_owned()));
            let is_it = match call {
                Call::Begin => seen.path == "payment_intents" && has("metadata[order_id]", &order),
                Call::Capture => seen.path == format!("payment_intents/{reference}/capture"),
                Call::Void => seen.path == format!("payment_intents/{reference}/cancel"),
                Call::Refund => seen.path == "refunds" && has("payment_intent", &reference),
            };
            seen.method == "POST" && is_it
        }
    }

    /// Whether a request is a look at the payment.
    fn picks_look(&self) -> impl Fn(&Seen) -> bool + Send + use<> {
        let path = format!("payment_intents/{}", self.payment().1);
        move |seen| seen.method == "GET" && seen.path == path
    }

    /// Asks the shop. `None` if the connection broke.
    async fn ask(&self, admin: &Client) -> Option<(u16, Value)> {
        let (path, body) = self.request();
        let (status, body) = admin.post(&path, &body, Some(&self.key)).await?;
        Some((status.as_u16(), body))
    }

    /// Whether the shop and its provider have done it, once.
    async fn is_done(&self, shop: &StripeShop, admin: &Client) {
        let payments = admin.get(&format!("/orders/{}/payments", self.order)).await;
        assert_eq!(payments["items"].as_array().unwrap().len(), 1, "{self:?} {payments}");
        let payment = &payments["items"][0];
        let (status, captured, refunded) = match self.call {
            Call::Begin => ("requires_action", 0, 0),
            Call::Capture => ("captured", PRICE, 0),
            Call::Void => ("voided", 0, 0),
            Call::Refund => ("captured", PRICE, BACK),
        };
        let is = (payment["status"].as_str().unwrap(), &payment["captured"]["amount"], &payment["refunded"]["amount"]);
        assert_eq!(is, (status, &json!(captured), &json!(refunded)), "{self:?} {payment}");
        let shown = admin.get(&format!("/payments/{}", payment["id"].as_str().unwrap())).await;
        let last = shown["operations"].as_array().unwrap().last().unwrap();
        assert_eq!(last["status"], "done", "{self:?} {last}");
        let intents = shop.fake.books(|books| books.balances());
        assert_eq!(intents.iter().filter(|one| one.order_id == self.order).count(), 1, "{self:?}");
    }
}

/// Cases of each call, with a name.
async fn cases(shop: &StripeShop, admin: &Client, buyer: &Client, product: &str, names: &[String]) -> Vec<Case> {
    let mut cases = Vec::new();
    for name in names {
        for call in CALLS {
            let key = format!("{call:?} {name}").replace(' ', "-");
            cases.push(Case::before(call, key, shop, admin, buyer, product).await);
        }
    }
    cases
}

/// Asks for all of it at once.
async fn ask_all(cases: &[Case], admin: &Client) -> Vec<Option<(u16, Value)>> {
    at_once(cases.iter().cloned().map(|case| {
        let admin = admin.clone();
        async move { case.ask(&admin).await }
    }))
    .await
}

async fn a_fault_at_every_point_of_a_call_leaves_one_effect_r89_r90(database: TestDatabase) {
    const FAULTS: [Fault; 9] = [
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::Fail,
        Fault::FailDone,
        Fault::Answer(429, "{}"),
        Fault::Answer(409, "{}"),
        Fault::Answer(503, "<html>"),
        Fault::Garble("<html>"),
        Fault::Garble("{}"),
    ];
    let shop = StripeShop::on(database);
    let server = shop.open(&[MANUAL]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(1000).await;
    let mut all = Vec::new();
    for fault in FAULTS {
        let cases = cases(&shop, &admin, &buyer, &product, &[format!("{fault:?}")]).await;
        for case in &cases {
            shop.fake.when(case.picks(), fault);
        }
        all.extend(cases);
    }
    // And the look that finds out what a 500 did goes wrong too.
    for fault in [Fault::Fail, Fault::FailDone, Fault::LoseAnswer] {
        let cases = cases(&shop, &admin, &buyer, &product, &[format!("{fault:?}, then the look")]).await;
        for case in cases.iter().filter(|case| case.call != Call::Begin) {
            shop.fake.when(case.picks(), fault);
            shop.fake.when(case.picks_look(), Fault::Answer(502, "<html>"));
        }
        all.extend(cases);
    }
    for (case, answer) in all.iter().zip(ask_all(&all, &admin).await) {
        let (status, body) = answer.unwrap();
        let is_plain = case.call == Call::Begin && case.key.ends_with("look");
        assert!(status == 202 || is_plain, "{case:?} {status} {body}");
    }
    shop.until_done().await;
    for case in &all {
        case.is_done(&shop, &admin).await;
    }
    shop.agrees(&admin).await;
    // Whoever asks again with the same key finds what was done.
    for (case, answer) in all.iter().zip(ask_all(&all, &admin).await) {
        let (status, body) = answer.unwrap();
        assert_eq!(status, 200, "{case:?} {body}");
        case.is_done(&shop, &admin).await;
    }
    shop.agrees(&admin).await;
}

async fn a_server_killed_during_a_call_finishes_it_once_r90(database: TestDatabase) {
    let shop = StripeShop::on(database);
    let server = shop.open(&[MANUAL]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(1000).await;
    // The provider has done it and keeps its answer, or does it later, after the shop has asked again.
    let names = ["done, killed", "late, killed"].map(str::to_owned);
    let cases = cases(&shop, &admin, &buyer, &product, &names).await;
    let (done, late) = cases.split_at(CALLS.len());
    for case in done {
        shop.fake.when(case.picks(), Fault::Hold);
    }
    for case in late {
        shop.fake.when(case.picks(), Fault::Delay);
    }
    let before = shop.fake.posted().len();
    let asked = tokio::spawn({
        let (cases, admin) = (cases.clone(), admin.clone());
        async move { ask_all(&cases, &admin).await }
    });
    testkit::until("all calls are under way", async || shop.fake.posted().len() == before + cases.len()).await;
    server.kill().await;
    assert!(asked.await.unwrap().iter().all(Option::is_none), "nobody was answered");

    shop.end_leases().await;
    let server = shop.open(&[MANUAL]).await;
    let admin = admin.at(&server);
    // With the same keys: some are in use, some are new to the provider.
    testkit::until("all are asked again", async || shop.fake.posted().len() >= before + 2 * cases.len()).await;
    for _ in &cases {
        shop.fake.release();
    }
    shop.until_done().await;
    for case in &cases {
        case.is_done(&shop, &admin).await;
    }
    shop.agrees(&admin).await;
    let keys = |case: &Case| {
        let keys: Vec<_> = shop.fake.posted().into_iter().filter(case.picks()).map(|seen| seen.key.unwrap()).collect();
        (keys.iter().all(|key| *key == keys[0]), keys.len())
    };
    for case in &cases {
        let (is_same, times) = keys(case);
        assert!(is_same && times >= 2, "{case:?}: one key, {times} times");
    }
    for (case, answer) in cases.iter().zip(ask_all(&cases, &admin).await) {
        assert_eq!(answer.unwrap().0, 200, "{case:?}");
    }
    shop.agrees(&admin).await;
}

async fn a_refusal_by_the_provider_changes_nothing_and_can_be_repeated_r85_r86_r87_r90(database: TestDatabase) {
    const REFUSED: &str = r#"{"error":{"type":"invalid_request_error","code":"not_now","message":"Not now."}}"#;
    let shop = StripeShop::on(database);
    let server = shop.open(&[MANUAL]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(1000).await;
    let cases = cases(&shop, &admin, &buyer, &product, &["refused".to_owned()]).await;
    for case in &cases {
        shop.fake.when(case.picks(), Fault::Answer(400, REFUSED));
    }
    for (case, answer) in cases.iter().zip(ask_all(&cases, &admin).await) {
        let (status, body) = answer.unwrap();
        assert!(status < 300, "{case:?} {status} {body}");
        match case.call {
            Call::Begin => {
                assert_eq!((&body["status"], &body["last_error"]["code"]), (&json!("failed"), &json!("not_now")));
            }
            Call::Capture | Call::Void => assert_eq!(body["status"], "authorised"),
            Call::Refund => assert_eq!(body["status"], "failed"),
        }
    }
    shop.until_done().await;
    testkit::well(&shop.database, &["doctor"]).await;
    let again: Vec<_> = cases.into_iter().map(|case| Case { key: format!("{}-again", case.key), ..case }).collect();
    for (case, answer) in again.iter().zip(ask_all(&again, &admin).await) {
        let (status, body) = answer.unwrap();
        assert!(status == 200 || status == 201, "{case:?} {status} {body}");
    }
    // The refused payment is here alone.
    for case in again.iter().filter(|case| case.call != Call::Begin) {
        case.is_done(&shop, &admin).await;
    }
    assert_eq!(shop.fake.books(|books| books.balances().len()), again.len());
    testkit::well(&shop.database, &["doctor"]).await;
}

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn fault(&mut self) -> Option<Fault> {
        match self.roll(10) {
            0 => Some(Fault::LoseRequest),
            1 => Some(Fault::LoseAnswer),
            2 => Some(Fault::Fail),
            3 => Some(Fault::FailDone),
            4 => Some(Fault::Answer(503, "")),
            5 => Some(Fault::Garble("<html>")),
            _ => None,
        }
    }
}

/// All orders take each step at once, while the provider fails and the server is killed.
async fn killed_again_and_again_with_a_provider_that_fails_the_books_agree_r89_r90(database: TestDatabase) {
    const ORDERS: usize = 30;
    let shop = StripeShop::on(database);
    let mut server = shop.open(&[MANUAL]).await;
    let (mut admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(1000).await;
    let mut dice = Dice(7);
    let mut cases = Vec::new();
    for n in 0..ORDERS {
        cases.push(Case {
            call: Call::Begin,
            order: order(&buyer, &product).await,
            payment: None,
            key: format!("{n}"),
        });
    }
    for round in 0..3 {
        for case in &cases {
            if let Some(fault) = dice.fault() {
                shop.fake.when(case.picks(), fault);
            }
        }
        let enough = shop.fake.posted().len() + usize::try_from(dice.roll(20)).unwrap();
        let asked = tokio::spawn({
            let (cases, admin) = (cases.clone(), admin.clone());
            async move { ask_all(&cases, &admin).await }
        });
        testkit::until("calls are under way", async || shop.fake.posted().len() > enough).await;
        server.kill().await;
        asked.await.unwrap();
        shop.end_leases().await;
        server = shop.open(&[MANUAL]).await;
        admin = admin.at(&server);
        for (case, answer) in cases.iter().zip(ask_all(&cases, &admin).await) {
            let (status, body) = answer.unwrap();
            assert!(status < 300, "{case:?} {status} {body}");
        }
        shop.until_done().await;
        for case in &cases {
            case.is_done(&shop, &admin).await;
        }
        shop.agrees(&admin).await;
        cases = match round {
            0 => next(cases, &shop, &admin).await,
            _ => cases.into_iter().filter(|case| case.call == Call::Capture).map(refund).collect(),
        };
    }
}

/// The customers pay; of most orders the money is taken, some are given up.
async fn next(cases: Vec<Case>, shop: &StripeShop, admin: &Client) -> Vec<Case> {
    let mut next = Vec::new();
    for (n, case) in cases.into_iter().enumerate() {
        let payments = admin.get(&format!("/orders/{}/payments", case.order)).await;
        let (id, reference) =
            (payments["items"][0]["id"].as_str().unwrap().to_owned(), reference(&payments["items"][0]));
        shop.fake.books(|books| books.pay(&reference));
        admin.ask("POST", &format!("/payments/{id}/sync")).await.expect(200);
        let call = if n.is_multiple_of(5) { Call::Void } else { Call::Capture };
        next.push(Case { call, payment: Some((id, reference)), key: format!("{}-{call:?}", case.key), ..case });
    }
    next
}

fn refund(case: Case) -> Case {
    Case { call: Call::Refund, key: format!("{}-back", case.key), ..case }
}

/// What the provider has done is written down later, once, by calls with the same keys.
async fn is_done_by_the_next_look(cases: &[Case], shop: &StripeShop, admin: &Client, before: usize) {
    let waiting = "SELECT COUNT(*) FROM payment_operations WHERE status = 'pending' AND attempts = 1";
    let waiting = number(&shop.database, waiting).await;
    assert_eq!(usize::try_from(waiting).unwrap(), cases.len(), "nothing of the answers is written down");
    assert_eq!(shop.fake.posted().len(), before + cases.len(), "each was asked once");
    shop.end_leases().await;
    shop.until_done().await;
    for case in cases {
        case.is_done(shop, admin).await;
        let calls: Vec<_> = shop.fake.posted().into_iter().filter(case.picks()).collect();
        assert!(calls.len() > 1 && calls.iter().all(|call| call.key == calls[0].key), "{case:?}: {calls:?}");
    }
    shop.agrees(admin).await;
    for (case, answer) in cases.iter().zip(ask_all(cases, admin).await) {
        assert_eq!(answer.unwrap().0, 200, "{case:?}");
        case.is_done(shop, admin).await;
    }
}

async fn a_database_that_aborts_the_transaction_with_the_answer_delays_it_and_doubles_nothing_r90(
    database: TestDatabase,
) {
    let shop = StripeShop::on(database);
    let server = shop.open(&[MANUAL]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(1000).await;
    let cases = cases(&shop, &admin, &buyer, &product, &["aborted".to_owned()]).await;
    let (moved, before) = (number(&shop.database, "SELECT COUNT(*) FROM ledger_transfers"), shop.fake.posted().len());
    let moved = moved.await;
    // The database refuses to finish an operation, after all else of the transaction.
    let broken = if shop.database.is_remote() {
        "CREATE TRIGGER broken BEFORE UPDATE ON payment_operations FOR EACH ROW
        IF NEW.status = 'done' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'broken'; END IF"
    } else {
        "CREATE TRIGGER broken BEFORE UPDATE ON payment_operations WHEN NEW.status = 'done'
        BEGIN SELECT RAISE(ABORT, 'broken'); END"
    };
    testkit::until("broken", async || nudge(&shop.database, broken).await).await;
    for (case, answer) in cases.iter().zip(ask_all(&cases, &admin).await) {
        let (status, body) = answer.unwrap();
        assert!(status >= 500, "{case:?} {status} {body}");
    }
    assert_eq!(number(&shop.database, "SELECT COUNT(*) FROM ledger_transfers").await, moved, "all of it or nothing");
    testkit::until("mended", async || nudge(&shop.database, "DROP TRIGGER broken").await).await;
    is_done_by_the_next_look(&cases, &shop, &admin, before).await;
}

async fn a_database_that_goes_between_the_answer_and_the_commit_delays_it_and_doubles_nothing_r90(
    database: TestDatabase,
) {
    if !database.is_remote() {
        return; // An embedded database does not go without its server.
    }
    let (host, _) = split(&database.url);
    let proxy = Proxy::to(host).await;
    let url = database.url.replacen(host, &proxy.address, 1);
    let shop = StripeShop::on(database);
    let server = shop.open_at(&url, &[MANUAL]).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(1000).await;
    let cases = cases(&shop, &admin, &buyer, &product, &["cut off".to_owned()]).await;
    for case in &cases {
        shop.fake.when(case.picks(), Fault::Hold);
    }
    let before = shop.fake.posted().len();
    let asked = tokio::spawn({
        let (cases, admin) = (cases.clone(), admin.clone());
        async move { ask_all(&cases, &admin).await }
    });
    testkit::until("all calls are under way", async || shop.fake.posted().len() == before + cases.len()).await;
    proxy.cut();
    for _ in &cases {
        shop.fake.release();
    }
    for (case, answer) in cases.iter().zip(asked.await.unwrap()) {
        let (status, body) = answer.unwrap();
        assert_eq!(status, 503, "{case:?} {body}");
    }
    proxy.mend();
    is_done_by_the_next_look(&cases, &shop, &admin, before).await;
}
