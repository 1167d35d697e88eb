//! Customers, administrators, the provider and two servers change the money of the same orders at once.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, at_once, on_every_database, order};

use crate::support::fake_stripe::{Fault, Seen};
use crate::support::stripe_shop::{Begun, PRICE, StripeShop};

on_every_database!(
    orders_paid_as_their_time_runs_out_are_never_cancelled_and_paid_r91_r92,
    notices_doubled_early_and_in_any_order_come_to_the_same_end_r88_r89_r96,
    a_notice_before_the_answer_to_the_beginning_pays_the_order_once_r88_r89,
    a_refund_by_the_shop_and_one_at_the_provider_at_once_give_back_no_more_than_came_in_r87_r89,
    two_tabs_at_two_servers_share_one_open_payment_r82,
    a_decline_that_is_told_after_a_newer_try_changes_nothing_r89,
    late_money_pays_an_order_that_lives_once_and_the_rest_goes_back_r92,
    late_money_of_a_cancelled_order_goes_back_r92,
    money_and_a_customers_cancel_at_once_leave_nothing_with_the_shop_r65_r92,
    a_refund_that_bounces_is_counted_once_and_can_be_given_back_another_way_r89,
);

/// Two servers on one database.
struct Two {
    shop: StripeShop,
    servers: [Server; 2],
    admin: Client,
    buyer: Client,
    product: String,
}

/// Units on hand before anybody buys.
const UNITS: i64 = 10_000;

impl Two {
    async fn open(database: TestDatabase, more: &[(&str, &str)]) -> Self {
        let shop = StripeShop::on(database);
        let (one, two) = tokio::join!(shop.open(more), shop.open(more));
        let (admin, buyer) = (Client::admin(&one).await, Client::customer(&one, "buyer").await);
        let product = admin.product(UNITS).await;
        Self { shop, servers: [one, two], admin, buyer, product }
    }

    /// The customer at one of the servers.
    fn buyer_at(&self, n: usize) -> Client {
        self.buyer.at(&self.servers[n % 2])
    }

    fn admin_at(&self, n: usize) -> Client {
        self.admin.at(&self.servers[n % 2])
    }

    async fn paid(&self, orders: usize) -> Vec<Begun> {
        let mut paid = Vec::new();
        for n in 0..orders {
            paid.push(self.shop.paid(&self.buyer_at(n), &self.product).await);
        }
        paid
    }

    async fn order(&self, id: &str) -> Value {
        self.admin.get(&format!("/orders/{id}")).await
    }

    async fn payment(&self, id: &str) -> Value {
        self.admin.get(&format!("/payments/{id}")).await
    }

    /// Delivers these events, each to one of the servers.
    async fn deliver(&self, events: &[String]) {
        let deliveries = events.iter().enumerate().map(|(n, event)| self.shop.deliver(&self.servers[n % 2], event));
        let mut deliveries: Vec<_> = deliveries.collect();
        while !deliveries.is_empty() {
            let rest = deliveries.split_off(deliveries.len().min(16));
            futures_util::future::join_all(std::mem::replace(&mut deliveries, rest)).await;
        }
    }

    /// The events so far.
    fn told(&self) -> Vec<String> {
        self.shop.fake.events()
    }

    /// Nothing is left to do, and both books agree.
    async fn end(&self) {
        self.shop.until_done().await;
        self.shop.agrees(&self.admin).await;
    }
}

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = usize::try_from(self.roll(u64::try_from(at).unwrap() + 1)).unwrap();
            items.swap(at, other);
        }
    }
}

async fn orders_paid_as_their_time_runs_out_are_never_cancelled_and_paid_r91_r92(database: TestDatabase) {
    const ORDERS: usize = 200;
    let hold = [("STOREKEEPER__PAYMENTS__HOLD", "3s"), ("STOREKEEPER__PAYMENTS__MAX_HOLD", "3s")];
    let two = Two::open(database, &hold).await;
    let mut dice = Dice(11);
    let mut orders = Vec::new();
    let mut customers = Vec::new();
    for n in 0..ORDERS {
        let order = order(&two.buyer_at(n), &two.product).await;
        orders.push(order.clone());
        // Some begin before the time is over and some after; some pay at once, some never.
        let (wait, think) = (dice.roll(3500), dice.roll(1500));
        let (pays, tells) = (dice.roll(10) > 0, dice.roll(2) == 0);
        let (buyer, fake) = (two.buyer_at(n + 1), two.shop.fake.clone());
        let webhook = format!("{}/api/v1/webhooks/payments/stripe", two.servers[n % 2].address);
        customers.push(tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let path = format!("/orders/{order}/payments");
            let (status, begun) = buyer.post(&path, &json!({ "provider": "stripe" }), None).await.unwrap();
            let Some(reference) = begun["reference"].as_str().filter(|_| status.is_success() && pays) else {
                assert!(status.is_success() || status == 409, "{status} {begun}");
                return;
            };
            tokio::time::sleep(Duration::from_millis(think)).await;
            if fake.books(|books| books.pay_if_open(reference)) && tells {
                let event = fake.events_of(reference).pop().unwrap();
                // Whether the shop hears of it or not.
                fake.deliver(&webhook, &event).await;
            }
        }));
    }
    for customer in customers {
        customer.await.unwrap();
    }
    let open = "SELECT COUNT(*) FROM order_balances WHERE status IN ('unpaid', 'pending')";
    testkit::until("all are paid or cancelled", async || {
        two.shop.until_done().await;
        testkit::number(&two.shop.database, open).await == 0
    })
    .await;
    two.end().await;
    let balances = two.shop.fake.books(|books| books.balances());
    let mut alive = 0;
    for id in &orders {
        let order = two.order(id).await;
        let kept: i64 = balances.iter().filter(|one| one.order_id == *id).map(|one| one.captured - one.refunded).sum();
        if order["status"] == "cancelled" {
            assert_eq!(kept, 0, "{order}");
        } else {
            assert_eq!((kept, &order["payment_status"]), (PRICE, &json!("paid")), "{order}");
            alive += 1;
        }
    }
    assert_eq!(two.admin.on_hand(&two.product).await, UNITS - alive);
}

async fn notices_doubled_early_and_in_any_order_come_to_the_same_end_r88_r89_r96(database: TestDatabase) {
    const ORDERS: usize = 15;
    let two = Two::open(database, &[]).await;
    let fake = &two.shop.fake;
    let mut dice = Dice(5);
    for n in 0..ORDERS {
        let Begun { reference, .. } = two.shop.begin(&two.buyer_at(n), &two.product).await;
        fake.books(|books| {
            books.decline(&reference, "insufficient_funds");
            books.process(&reference);
            if n.is_multiple_of(5) {
                return;
            }
            books.pay(&reference);
            let refund = books.refund_on_page(&reference, 300);
            if n.is_multiple_of(2) {
                books.settle_refund(&refund, "failed");
            }
            books.refund_on_page(&reference, 200);
            if n.is_multiple_of(3) {
                let dispute = books.dispute(&reference, 700, "needs_response");
                books.close_dispute(&dispute, if n.is_multiple_of(2) { "won" } else { "lost" });
            }
        });
    }
    let mut events = two.told();
    events.extend(events.clone());
    dice.shuffle(&mut events);
    two.deliver(&events).await;
    two.end().await;
    let ledger = two.admin.all("/ledger").await;
    // Once more, when all is known.
    dice.shuffle(&mut events);
    two.deliver(&events).await;
    two.end().await;
    assert_eq!(two.admin.all("/ledger").await, ledger);
}

async fn a_notice_before_the_answer_to_the_beginning_pays_the_order_once_r88_r89(database: TestDatabase) {
    let two = Two::open(database, &[]).await;
    let fake = &two.shop.fake;
    let order = order(&two.buyer, &two.product).await;
    fake.next(Fault::Hold);
    let asked = tokio::spawn({
        let (buyer, path) = (two.buyer.clone(), format!("/orders/{order}/payments"));
        async move { buyer.post(&path, &json!({ "provider": "stripe" }), None).await.unwrap() }
    });
    testkit::until("begun", async || fake.books(|books| !books.balances().is_empty())).await;
    let reference = fake.books(|books| books.balances()).remove(0).reference;
    fake.books(|books| books.pay(&reference));
    two.deliver(&two.told()).await;
    testkit::until("paid", async || two.order(&order).await["payment_status"] == "paid").await;
    fake.release();
    let (status, body) = asked.await.unwrap();
    assert!(status.is_success() && body["status"] == "captured", "{status} {body}");
    two.end().await;
    assert_eq!(two.admin.all(&format!("/orders/{order}/ledger")).await.len(), 1);
}

async fn a_refund_by_the_shop_and_one_at_the_provider_at_once_give_back_no_more_than_came_in_r87_r89(
    database: TestDatabase,
) {
    let two = Two::open(database, &[]).await;
    let paid = two.paid(20).await;
    let back = json!({ "amount": { "amount": 700, "currency": "USD" }, "reason": "damaged" });
    let race = paid.iter().enumerate().map(|(n, Begun { order, reference, .. })| {
        let (admin, fake, back) = (two.admin_at(n), two.shop.fake.clone(), back.clone());
        let (path, reference) = (format!("/orders/{order}/refunds"), reference.clone());
        async move {
            let is_it = {
                let reference = reference.clone();
                move |seen: &Seen| {
                    seen.path == "refunds" && seen.parameters.iter().any(|(_, value)| *value == reference)
                }
            };
            // Of half of them the one on the provider's page comes first for certain.
            let is_first = n.is_multiple_of(2);
            if is_first {
                fake.when(is_it, Fault::LoseRequest);
            }
            let there = async {
                if is_first {
                    fake.books(|books| books.refund_on_page(&reference, 700));
                } else {
                    tokio::time::sleep(Duration::from_millis(u64::try_from(n).unwrap())).await;
                    fake.books(|books| books.refund_if_left(&reference, 700));
                }
            };
            let (here, ()) = tokio::join!(admin.post(&path, &back, None), there);
            let (status, body) = here.unwrap();
            assert!(status.is_success(), "{status} {body}");
        }
    });
    let race: Vec<_> = race.collect();
    at_once(race).await;
    two.deliver(&two.told()).await;
    two.end().await;
    for Begun { id, .. } in &paid {
        let payment = two.payment(id).await;
        assert_eq!(payment["refunded"]["amount"], 700, "{payment}");
    }
    // What is left can go back, and no more.
    for (n, Begun { order, .. }) in paid.iter().enumerate() {
        let path = format!("/orders/{order}/refunds");
        two.admin_at(n).send("POST", &path, &back).await.expect(409);
        let rest = json!({ "amount": { "amount": 550, "currency": "USD" }, "reason": "damaged" });
        two.admin_at(n).send("POST", &path, &rest).await.expect(201);
    }
    two.end().await;
}

async fn two_tabs_at_two_servers_share_one_open_payment_r82(database: TestDatabase) {
    let two = Two::open(database, &[]).await;
    for _ in 0..20 {
        let order = order(&two.buyer, &two.product).await;
        let tabs = (0..4).map(|n| {
            let (buyer, path) = (two.buyer_at(n), format!("/orders/{order}/payments"));
            async move { buyer.post(&path, &json!({ "provider": "stripe" }), None).await.unwrap() }
        });
        let answers = at_once(tabs).await;
        assert!(answers.iter().all(|(status, _)| status.is_success()), "{answers:?}");
        assert!(answers.iter().all(|(_, body)| body["id"] == answers[0].1["id"]), "{answers:?}");
        let count = two.shop.fake.books(|books| books.balances()).iter().filter(|one| one.order_id == order).count();
        assert_eq!(count, 1);
    }
    two.end().await;
}

async fn a_decline_that_is_told_after_a_newer_try_changes_nothing_r89(database: TestDatabase) {
    let two = Two::open(database, &[]).await;
    let fake = &two.shop.fake;
    for n in 0..4 {
        let Begun { id, reference, .. } = two.shop.begin(&two.buyer, &two.product).await;
        fake.books(|books| books.decline(&reference, "insufficient_funds"));
        let path = format!("payments/{id}/sync");
        let look = format!("payment_intents/{reference}");
        fake.when(move |seen| seen.method == "GET" && seen.path == look, Fault::Hold);
        let before = fake.seen().len();
        // One server has asked before the customer tries again, and is answered after.
        let slow = tokio::spawn({
            let (buyer, path) = (two.buyer_at(0), path.clone());
            async move { buyer.ask("POST", &format!("/{path}")).await }
        });
        testkit::until("asked", async || fake.seen().len() > before).await;
        let status = if n < 2 { "processing" } else { "captured" };
        fake.books(|books| if n < 2 { books.process(&reference) } else { books.pay(&reference) });
        let seen = two.buyer_at(1).ask("POST", &format!("/{path}")).await.expect(200);
        assert_eq!(seen.text("/status"), status);
        fake.release();
        let late = slow.await.unwrap().expect(200);
        assert_eq!(late.text("/status"), status, "{}", late.body);
        assert_eq!(two.payment(&id).await["status"], status);
    }
    two.end().await;
}

async fn late_money_pays_an_order_that_lives_once_and_the_rest_goes_back_r92(database: TestDatabase) {
    let two = Two::open(database, &[]).await;
    let fake = &two.shop.fake;
    let (mut alone, mut twice) = (Vec::new(), Vec::new());
    for n in 0..20_usize {
        let given_up = two.shop.begin(&two.buyer, &two.product).await;
        two.buyer.ask("POST", &format!("/payments/{}/void", given_up.id)).await.expect(200);
        // The customer tries again with another payment, and in the end both are paid.
        let begun = crate::support::stripe_shop::pay(&two.buyer, &given_up.order).await;
        let again = crate::support::stripe_shop::reference(&begun);
        let pays_again = !n.is_multiple_of(4);
        fake.books(|books| {
            books.pay_late(&given_up.reference);
            if pays_again {
                books.pay(&again);
            }
        });
        let events = [fake.events_of(&given_up.reference).pop(), fake.events_of(&again).pop()];
        twice.extend(events.into_iter().flatten());
        alone.push(given_up.order);
    }
    // Both at once, each at one of the servers.
    two.deliver(&twice).await;
    two.shop.until_done().await;
    two.end().await;
    let balances = fake.books(|books| books.balances());
    for id in alone {
        let order = two.order(&id).await;
        assert_eq!(order["status"], "placed", "{order}");
        let kept: i64 = balances.iter().filter(|one| one.order_id == id).map(|one| one.captured - one.refunded).sum();
        assert_eq!(kept, PRICE, "{order}");
        let open = balances.iter().filter(|one| one.order_id == id && one.status == "requires_payment_method");
        assert_eq!(open.count(), 0, "the other payment is given up");
    }
}

async fn late_money_of_a_cancelled_order_goes_back_r92(database: TestDatabase) {
    let two = Two::open(database, &[]).await;
    let fake = &two.shop.fake;
    let mut orders = Vec::new();
    for n in 0..10 {
        let begun = two.shop.begin(&two.buyer_at(n), &two.product).await;
        two.buyer_at(n).send("POST", &format!("/orders/{}/cancel", begun.order), &json!({})).await.expect(200);
        orders.push(begun);
    }
    two.shop.until_done().await;
    for Begun { id, reference, .. } in &orders {
        assert_eq!(two.payment(id).await["status"], "voided");
        fake.books(|books| books.pay_late(reference));
    }
    let mut events = two.told();
    events.extend(events.clone());
    Dice(3).shuffle(&mut events);
    two.deliver(&events).await;
    two.end().await;
    for Begun { order, .. } in &orders {
        let order = two.order(order).await;
        assert_eq!((&order["status"], &order["payment_status"]), (&json!("cancelled"), &json!("refunded")), "{order}");
    }
    assert!(fake.books(|books| books.balances()).iter().all(|one| (one.captured, one.refunded) == (PRICE, PRICE)));
    assert_eq!(two.admin.on_hand(&two.product).await, UNITS, "a cancelled order is not revived");
}

async fn money_and_a_customers_cancel_at_once_leave_nothing_with_the_shop_r65_r92(database: TestDatabase) {
    const ORDERS: usize = 20;
    let two = Two::open(database, &[]).await;
    let mut begun = Vec::new();
    for n in 0..ORDERS {
        begun.push(two.shop.begin(&two.buyer_at(n), &two.product).await);
    }
    let mut dice = Dice(17);
    let race = begun.iter().cloned().enumerate().map(|(n, Begun { order, id, reference })| {
        let (buyer, other, fake) = (two.buyer_at(n), two.buyer_at(n + 1), two.shop.fake.clone());
        let wait = Duration::from_millis(dice.roll(100));
        async move {
            let pays = async {
                tokio::time::sleep(wait).await;
                if fake.books(|books| books.pay_if_open(&reference)) {
                    let sync = other.request(Method::POST, &format!("/payments/{id}/sync")).send().await.unwrap();
                    assert!(sync.status().is_success());
                }
            };
            let path = format!("/orders/{order}/cancel");
            let nothing = json!({});
            let (cancelled, ()) = tokio::join!(buyer.post(&path, &nothing, None), pays);
            let (status, body) = cancelled.unwrap();
            assert!(status.is_success(), "{status} {body}");
        }
    });
    let race: Vec<_> = race.collect();
    at_once(race).await;
    two.end().await;
    let balances = two.shop.fake.books(|books| books.balances());
    for one in &balances {
        assert_eq!(one.captured - one.refunded, 0, "{one:?}");
        assert_ne!(one.status, "requires_payment_method", "{one:?}");
    }
    for Begun { order, .. } in &begun {
        assert_eq!(two.order(order).await["status"], "cancelled");
    }
    assert_eq!(two.admin.on_hand(&two.product).await, UNITS);
}

async fn a_refund_that_bounces_is_counted_once_and_can_be_given_back_another_way_r89(database: TestDatabase) {
    let two = Two::open(database, &[]).await;
    let fake = &two.shop.fake;
    let Begun { order, id, .. } = two.paid(1).await.remove(0);
    let path = format!("/orders/{order}/refunds");
    let all = json!({ "amount": { "amount": PRICE, "currency": "USD" }, "reason": "damaged" });
    let refund = two.admin.send("POST", &path, &all).await.expect(201);
    two.admin.send("POST", &path, &all).await.expect(409);
    fake.books(|books| books.settle_refund(refund.text("/reference"), "failed"));
    let bounced = two.told().pop().unwrap();
    two.deliver(&vec![bounced; 8]).await;
    two.end().await;
    assert_eq!(two.admin.get(&format!("/refunds/{}", refund.id())).await["status"], "failed");
    assert_eq!(two.payment(&id).await["refunded"]["amount"], 0);
    assert_eq!(two.order(&order).await["payment_status"], "paid");
    let moved = two.admin.all(&format!("/orders/{order}/ledger")).await;
    assert_eq!(moved.len(), 3, "money in, money back, and the money that bounced");
    let mut outside = all.clone();
    outside["outside"] = json!({ "reference": "cash book 31, line 7" });
    two.admin.send("POST", &path, &outside).await.expect(201);
    assert_eq!(two.order(&order).await["payment_status"], "refunded");
    testkit::well(&two.shop.database, &["doctor"]).await;
}
