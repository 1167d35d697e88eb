//! What must not be seen anywhere: the keys of the shop at its provider, the secrets of payments, the numbers of cards.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, TestDatabase, on_every_database, order};

use crate::support::fake_stripe::{Fault, SECRET_KEY, WEBHOOK_SECRET};
use crate::support::stripe_shop::StripeShop;

on_every_database!(no_secret_of_a_payment_is_logged_kept_or_shown_r82_r88_r95);

const CARD: &str = "4242424242424242";

async fn no_secret_of_a_payment_is_logged_kept_or_shown_r82_r88_r95(database: TestDatabase) {
    let shop = StripeShop::on(database);
    let settings = [
        ("STOREKEEPER__LOG__LEVEL", "trace"),
        ("STOREKEEPER__LOG__FORMAT", "json"),
        ("STOREKEEPER__PAYMENTS__CAPTURE", "manual"),
    ];
    let server = shop.open(&settings).await;
    let (admin, buyer) = (Client::admin(&server).await, Client::customer(&server, "buyer").await);
    let product = admin.product(100).await;
    let mut answers = Shown::default();

    // A payment with all that can be done about it, each with a key, and some of it twice.
    let bought = order(&buyer, &product).await;
    let payments = format!("/orders/{bought}/payments");
    let begun = buyer.send_once("begin", &payments, &json!({ "provider": "stripe" })).await.expect(201);
    let secret = begun.text("/next_action/client_secret").to_owned();
    assert!(secret.contains("_secret_"), "{secret}");
    let again = buyer.send_once("begin", &payments, &json!({ "provider": "stripe" })).await.expect(200);
    assert_eq!(again.text("/next_action/client_secret"), secret, "the customer may lose the first answer");
    let (id, reference) = (begun.id(), begun.text("/reference").to_owned());
    answers.ask(&admin, Method::POST, &payments, &json!({ "provider": "stripe" })).await;
    answers.ask(&admin, Method::POST, &format!("/payments/{id}/sync"), &Value::Null).await;
    shop.fake.books(|books| books.decline(&reference, "insufficient_funds"));
    answers.ask(&admin, Method::POST, &format!("/payments/{id}/sync"), &Value::Null).await;
    shop.fake.books(|books| books.pay(&reference));
    shop.deliver(&server, &shop.fake.events().pop().unwrap()).await;
    shop.until_done().await;
    answers.ask(&admin, Method::POST, &format!("/payments/{id}/capture"), &json!({})).await;
    let back = json!({ "amount": { "amount": 500, "currency": "USD" }, "reason": "damaged" });
    answers.ask(&admin, Method::POST, &format!("/orders/{bought}/refunds"), &back).await;

    // The provider fails in every way, also with words that hold what it was given.
    for fault in [
        Fault::LoseAnswer,
        Fault::FailDone,
        Fault::Garble("<html>"),
        Fault::Answer(503, "<html>"),
        Fault::Answer(401, r#"{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}"#),
    ] {
        let other = order(&buyer, &product).await;
        shop.fake.when(|seen| seen.method == "POST", fault);
        answers.ask(&admin, Method::POST, &format!("/orders/{other}/payments"), &json!({ "provider": "stripe" })).await;
    }
    shop.until_done().await;

    // Cards and secrets in the wrong place, and notices that are none.
    let other = order(&buyer, &product).await;
    for wrong in [
        json!({ "provider": "stripe", "card": CARD }),
        json!({ "provider": "stripe", "method": CARD, "card": { "number": CARD } }),
        json!({ "provider": CARD }),
        json!({ "provider": "stripe", "return_url": format!("https://evil.example/?card={CARD}") }),
    ] {
        answers.ask(&buyer, Method::POST, &format!("/orders/{other}/payments"), &wrong).await;
    }
    let webhook = format!("{}/api/v1/webhooks/payments/stripe", server.address);
    for body in [json!({ "card": CARD }), json!({ "id": "evt_1", "type": "charge.succeeded", "card": CARD })] {
        let forged = testkit::http().post(&webhook).header("Stripe-Signature", "t=1,v1=00").body(body.to_string());
        let answer = forged.send().await.unwrap();
        assert_eq!(answer.status(), 400);
        answers.0.push(answer.text().await.unwrap());
    }

    // What is read afterwards.
    for path in [
        format!("/payments/{id}"),
        "/payments".to_owned(),
        payments.clone(),
        format!("/orders/{bought}"),
        format!("/orders/{bought}/refunds"),
        format!("/orders/{bought}/ledger"),
        "/ledger".to_owned(),
        "/audit?limit=100".to_owned(),
    ] {
        answers.ask(&admin, Method::GET, &path, &Value::Null).await;
    }
    answers.ask(&buyer, Method::GET, &format!("/payments/{id}"), &Value::Null).await;
    let metrics = testkit::http().get(format!("{}/metrics", server.address)).send().await.unwrap();
    answers.0.push(metrics.text().await.unwrap());

    testkit::until("all is logged", async || server.printed().contains("/metrics")).await;
    let printed = server.printed();
    assert!(printed.contains(r#""level":"TRACE""#), "the log is as talkative as it can be");
    let kept = testkit::dump(&shop.database).await;
    assert!(kept.contains(&reference), "the database was read");
    let secrets = [SECRET_KEY, WEBHOOK_SECRET, &*secret, "_secret_", CARD];
    for (place, text) in [("answers", answers.0.join("\n")), ("log", printed), ("database", kept)] {
        for secret in secrets {
            let at = text.find(secret);
            let around =
                at.map(|at| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(200)..at + secret.len()]));
            assert_eq!(around, None, "{secret} is in the {place}");
        }
    }
}

/// What the server answered to those who are not to see a secret.
#[derive(Default)]
struct Shown(Vec<String>);

impl Shown {
    async fn ask(&mut self, client: &Client, method: Method, path: &str, body: &Value) {
        let request = client.request(method, path);
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send().await.unwrap();
        let headers = format!("{:?}", answer.headers());
        self.0.push(format!("{path}: {headers} {}", answer.text().await.unwrap()));
    }
}
