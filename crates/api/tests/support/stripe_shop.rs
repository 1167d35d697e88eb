//! A shop whose customers pay by the fake of Stripe. Its books and the shop's have to agree.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, nudge, number, order, well};

use super::fake_stripe::{Balance, FakeStripe, SECRET_KEY, WEBHOOK_SECRET};

/// What a product costs.
pub const PRICE: i64 = 1250;

/// How long the shop may take to come to an end with its provider.
const LONGEST: Duration = Duration::from_mins(5);

/// A database, and the provider of its shop.
pub struct StripeShop {
    pub database: TestDatabase,
    pub fake: FakeStripe,
}

/// A payment that a customer has begun.
#[derive(Debug, Clone)]
pub struct Begun {
    pub order: String,
    pub id: String,
    /// How the provider calls it.
    pub reference: String,
}

impl StripeShop {
    pub fn on(database: TestDatabase) -> Self {
        Self { database, fake: FakeStripe::start() }
    }

    /// Starts a server with further settings (environment variables).
    pub async fn open(&self, more: &[(&str, &str)]) -> Server {
        self.open_at(&self.database.url, more).await
    }

    /// The same, with another way to the database.
    pub async fn open_at(&self, url: &str, more: &[(&str, &str)]) -> Server {
        let settings = [
            ("STOREKEEPER__PAYMENTS__REQUIRED", "true"),
            ("STOREKEEPER__PAYMENTS__MAX_UNPAID", "0"),
            ("STOREKEEPER__PAYMENTS__STRIPE__SECRET_KEY", SECRET_KEY),
            ("STOREKEEPER__PAYMENTS__STRIPE__PUBLISHABLE_KEY", "pk_test_1"),
            ("STOREKEEPER__PAYMENTS__STRIPE__WEBHOOK_SECRETS", WEBHOOK_SECRET),
            ("STOREKEEPER__PAYMENTS__STRIPE__API_BASE", &*self.fake.address),
            ("STOREKEEPER__HOUSEKEEPING__EVERY", "1s"),
        ];
        let settings: Vec<_> = settings.into_iter().chain(more.iter().copied()).collect();
        Server::start_with(&self.database, url, &settings).await
    }

    /// Orders one unit and begins to pay for it.
    pub async fn begin(&self, buyer: &Client, product: &str) -> Begun {
        let order = order(buyer, product).await;
        let begun = pay(buyer, &order).await;
        Begun { order, id: begun["id"].as_str().unwrap().to_owned(), reference: reference(&begun) }
    }

    /// [`StripeShop::begin`], and the customer pays.
    pub async fn paid(&self, buyer: &Client, product: &str) -> Begun {
        let begun = self.begin(buyer, product).await;
        self.fake.books(|books| books.pay(&begun.reference));
        buyer.ask("POST", &format!("/payments/{}/sync", begun.id)).await.expect(200);
        begun
    }

    /// Delivers an event to a server. What is not accepted is delivered again.
    pub async fn deliver(&self, server: &Server, event: &str) {
        let webhook = format!("{}/api/v1/webhooks/payments/stripe", server.address);
        let began = Instant::now();
        while self.fake.deliver(&webhook, event).await != 200 {
            assert!(began.elapsed() < LONGEST, "{event} is not accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until no operation and no notice is left to be done, without the waits between tries.
    pub async fn until_done(&self) {
        let began = Instant::now();
        loop {
            let operations = number(&self.database, "SELECT COUNT(*) FROM payment_operations WHERE status = 'pending'");
            let notices = number(&self.database, "SELECT COUNT(*) FROM payment_notices WHERE status = 'new'");
            let left = (operations.await, notices.await);
            if left == (0, 0) {
                return;
            }
            assert!(began.elapsed() < LONGEST, "(operations, notices) left: {left:?}");
            // If another transaction is in the way, the next round does it.
            nudge(&self.database, "UPDATE payment_operations SET next_at = 0 WHERE status = 'pending'").await;
            nudge(&self.database, "UPDATE payment_notices SET next_at = 0 WHERE status = 'new'").await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Lets others take what a server held that was killed.
    pub async fn end_leases(&self) {
        assert!(nudge(&self.database, "UPDATE payment_operations SET lease_until = 0 WHERE status = 'pending'").await);
    }

    /// Whether both books say the same about every payment, and no rule of the shop is broken.
    pub async fn agrees(&self, admin: &Client) {
        let ours = admin.all("/payments").await;
        let theirs = self.fake.books(|books| books.balances());
        assert_eq!(theirs.len(), ours.len(), "one payment there for each one here");
        for Balance { reference, order_id, payment_id, status, captured, refunded, disputed } in theirs {
            let our = ours.iter().find(|our| our["id"] == payment_id).unwrap();
            let status = match &*status {
                "succeeded" => "captured",
                "canceled" => "voided",
                "requires_capture" => "authorised",
                "requires_payment_method" => "requires_action",
                other => other,
            };
            let said = json!([reference, order_id, status, captured, refunded, disputed]);
            let amount = |name: &str| our[name]["amount"].clone();
            let known = json!([
                our["reference"],
                our["order_id"],
                our["status"],
                amount("captured"),
                amount("refunded"),
                amount("disputed")
            ]);
            assert_eq!(said, known, "the provider's, the shop's");
            assert!(our["finding"].is_null(), "{our}");
        }
        well(&self.database, &["doctor"]).await;
    }
}

/// Begins to pay for an order, and returns the payment.
pub async fn pay(buyer: &Client, order: &str) -> Value {
    let path = format!("/orders/{order}/payments");
    let begun = buyer.send("POST", &path, &json!({ "provider": "stripe" })).await;
    assert!(begun.status < 300, "{begun:?}");
    begun.body
}

/// How the provider calls a payment.
pub fn reference(payment: &Value) -> String {
    payment["reference"].as_str().unwrap_or_else(|| panic!("{payment}")).to_owned()
}
