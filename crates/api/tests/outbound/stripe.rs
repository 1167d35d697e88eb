use std::time::{Duration, Instant};

use domain::orders::OrderId;
use domain::payments::{
    CaptureMode, DisputeStatus, Headers, NewPayment, NextAction, OperationId, OperationKey, PaymentId, PaymentProvider,
    PaymentStatus, ProviderAnswer, Reference, RefundStatus, Snapshot,
};
use domain::{Currency, Money, UtcDateTime, Uuid};
use infrastructure::outbound::payments::{Stripe, StripeConfig};

use crate::support::fake_stripe::{Balance, FakeStripe, Fault, SECRET_KEY, WEBHOOK_SECRET, sign};

struct Case {
    fake: FakeStripe,
    stripe: Stripe,
}

fn config(address: &str) -> StripeConfig {
    StripeConfig {
        secret_key: SECRET_KEY.into(),
        publishable_key: "pk_test_1".to_owned(),
        webhook_secrets: vec!["whsec_older".into(), WEBHOOK_SECRET.into()],
        api_base: address.parse().unwrap(),
        payment_method_types: Vec::new(),
        hold: Duration::from_mins(30),
    }
}

fn case() -> Case {
    let fake = FakeStripe::start();
    let stripe = Stripe::new(config(&fake.address)).unwrap();
    Case { fake, stripe }
}

fn key(operation: u128) -> OperationKey {
    OperationKey { operation: OperationId(Uuid::from_u128(operation)), generation: 1 }
}

fn eur(amount: i64) -> Money {
    Money { amount, currency: Currency::parse("EUR").unwrap() }
}

fn payment(id: u128, capture: CaptureMode) -> NewPayment {
    NewPayment {
        payment_id: PaymentId(Uuid::from_u128(id)),
        order_id: OrderId(Uuid::from_u128(99)),
        order_label: "7F3K-92QX-T".to_owned(),
        amount: eur(11_900),
        capture,
        method: None,
        return_url: None,
    }
}

fn done<T>(outcome: ProviderAnswer<T>) -> T {
    match outcome {
        ProviderAnswer::Done(done) => done,
        ProviderAnswer::Refused { error, .. } => panic!("refused: {error:?}"),
        ProviderAnswer::Unknown { error, .. } => panic!("unknown: {error:?}"),
    }
}

fn refusal<T>(outcome: ProviderAnswer<T>) -> String {
    match outcome {
        ProviderAnswer::Refused { error, .. } => error.code.as_str().to_owned(),
        ProviderAnswer::Done(_) => panic!("done"),
        ProviderAnswer::Unknown { error, .. } => panic!("unknown: {error:?}"),
    }
}

/// The code of an outcome that nobody knows, and whether it stays under the key.
fn unknown<T>(outcome: ProviderAnswer<T>) -> (String, bool) {
    match outcome {
        ProviderAnswer::Unknown { error, is_kept, .. } => (error.code.as_str().to_owned(), is_kept),
        ProviderAnswer::Done(_) => panic!("done"),
        ProviderAnswer::Refused { error, .. } => panic!("refused: {error:?}"),
    }
}

impl Case {
    /// A payment of 119.00 that the customer has paid.
    async fn paid(&self, capture: CaptureMode) -> Reference {
        let Snapshot { reference, .. } = done(self.stripe.begin(&key(1), &payment(1, capture)).await);
        self.fake.books(|books| books.pay(reference.as_str()));
        reference
    }

    fn balance(&self) -> Balance {
        self.fake.books(|books| books.balances()).pop().unwrap()
    }
}

#[tokio::test]
async fn a_payment_is_begun_with_what_finds_it_again_and_the_browser_gets_its_secret_r95() {
    let Case { fake, stripe } = case();
    let begun = done(stripe.begin(&key(1), &payment(1, CaptureMode::Manual)).await);
    assert_eq!((begun.status, begun.amount, begun.currency.code()), (PaymentStatus::RequiresAction, 11_900, "EUR"));
    assert_eq!(
        (begun.order_id, begun.payment_id),
        (Some(OrderId(Uuid::from_u128(99))), Some(PaymentId(Uuid::from_u128(1))))
    );
    let NextAction::ClientSecret { client_secret, publishable_key } = begun.next_action else { panic!() };
    assert!(client_secret.starts_with("pi_") && publishable_key == "pk_test_1");
    let posted = fake.posted().remove(0);
    assert_eq!(posted.key, Some(key(1).to_string()));
    for pair in [
        ("amount", "11900"),
        ("currency", "eur"),
        ("capture_method", "manual"),
        ("description", "7F3K-92QX-T"),
        ("automatic_payment_methods[enabled]", "true"),
        ("metadata[operation_id]", "00000000-0000-0000-0000-000000000001"),
    ] {
        assert!(posted.parameters.iter().any(|(name, value)| (&**name, &**value) == pair), "{pair:?}");
    }
    let types = StripeConfig { payment_method_types: vec!["card".to_owned()], ..config(&fake.address) };
    done(Stripe::new(types).unwrap().begin(&key(2), &payment(2, CaptureMode::Automatic)).await);
    let parameters = fake.posted().pop().unwrap().parameters;
    assert!(parameters.contains(&("payment_method_types[]".to_owned(), "card".to_owned())));
    assert!(!parameters.iter().any(|(name, _)| name.starts_with("automatic_payment_methods")));
}

#[tokio::test]
async fn money_is_held_taken_and_given_back_r95() {
    let case = case();
    let reference = case.paid(CaptureMode::Manual).await;
    let held = done(case.stripe.fetch(&reference).await);
    assert_eq!((held.status, held.authorised, held.captured), (PaymentStatus::Authorised, 11_900, 0));
    assert_eq!(held.method_label.unwrap().as_str(), "Visa •••• 4242");
    assert!(held.authorised_until.is_some() && held.next_action == NextAction::None);
    let taken = done(case.stripe.capture(&key(2), &reference, eur(10_000)).await);
    assert_eq!((taken.status, taken.captured), (PaymentStatus::Captured, 10_000));
    let back = done(case.stripe.refund(&key(3), &reference, eur(3_000)).await);
    assert_eq!((back.refunds.len(), back.refunds[0].amount), (1, 3_000));
    assert_eq!((back.refunds[0].operation, back.refunds[0].status), (Some(key(3).operation), RefundStatus::Succeeded));
    assert_eq!((case.balance().captured, case.balance().refunded), (10_000, 3_000));
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_one_effect_r90() {
    let case = case();
    let reference = case.paid(CaptureMode::Manual).await;
    for _ in 0..3 {
        done(case.stripe.begin(&key(1), &payment(1, CaptureMode::Manual)).await);
        done(case.stripe.capture(&key(2), &reference, eur(11_900)).await);
        done(case.stripe.refund(&key(3), &reference, eur(4_000)).await);
    }
    assert_eq!(case.fake.books(|books| books.balances().len()), 1);
    assert_eq!(case.balance().refunded, 4_000);
    // The same key for something else tells nothing about the first request.
    assert_eq!(
        unknown(case.stripe.refund(&key(3), &reference, eur(5_000)).await),
        ("idempotency_error".to_owned(), true)
    );
}

#[tokio::test]
async fn no_more_is_refunded_than_was_taken_r95() {
    let case = case();
    let reference = case.paid(CaptureMode::Automatic).await;
    done(case.stripe.refund(&key(2), &reference, eur(11_000)).await);
    assert_eq!(refusal(case.stripe.refund(&key(3), &reference, eur(901)).await), "invalid_request_error");
    done(case.stripe.refund(&key(4), &reference, eur(900)).await);
    assert_eq!(refusal(case.stripe.refund(&key(5), &reference, eur(1)).await), "charge_already_refunded");
    assert_eq!(case.balance().refunded, 11_900);
}

#[tokio::test]
async fn every_fault_leaves_open_what_was_done_and_the_same_key_finds_out_r90() {
    for (fault, code, kept, done_at_first) in [
        (Fault::LoseRequest, "connection", false, false),
        (Fault::LoseAnswer, "connection", false, true),
        (Fault::Answer(429, "{}"), "http_429", false, false),
        (Fault::Answer(409, "{}"), "http_409", false, false),
        (Fault::Answer(503, "<html>"), "http_503", false, false),
        (Fault::Answer(403, "<html>blocked</html>"), "http_403", false, false),
        (Fault::Answer(307, ""), "http_307", false, false),
        (Fault::Garble("<html>"), "unreadable", true, true),
        (Fault::Garble(r#"{"id":"re_1"}"#), "unreadable", true, true),
    ] {
        let case = case();
        let reference = case.paid(CaptureMode::Automatic).await;
        case.fake.next(fault);
        let first = case.stripe.refund(&key(2), &reference, eur(500)).await;
        assert_eq!(unknown(first), (code.to_owned(), kept), "{fault:?}");
        assert_eq!(case.balance().refunded, if done_at_first { 500 } else { 0 }, "{fault:?}");
        let again = done(case.stripe.refund(&key(2), &reference, eur(500)).await);
        assert_eq!((again.refunds.len(), case.balance().refunded), (1, 500), "{fault:?}");
        assert!(case.fake.seen().iter().all(|seen| seen.path != "elsewhere"), "a redirect was followed");
    }
}

#[tokio::test]
async fn an_error_500_stays_under_its_key_and_a_look_says_what_was_done_r90() {
    for (fault, effect) in [(Fault::Fail, 0), (Fault::FailDone, 500)] {
        let case = case();
        let reference = case.paid(CaptureMode::Automatic).await;
        case.fake.next(fault);
        for _ in 0..3 {
            assert_eq!(unknown(case.stripe.refund(&key(2), &reference, eur(500)).await), ("http_500".to_owned(), true));
        }
        let refunds = done(case.stripe.fetch(&reference).await).refunds;
        assert_eq!(
            refunds.iter().filter(|one| one.operation == Some(key(2).operation)).count(),
            effect.min(1),
            "{fault:?}"
        );
        assert_eq!(case.balance().refunded, i64::try_from(effect).unwrap(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_payment_whose_answer_was_lost_is_found_by_its_own_id_or_provably_not_there_r90() {
    let Case { fake, stripe } = case();
    let before = UtcDateTime::now();
    for other in 10..130 {
        done(stripe.begin(&key(other), &payment(other, CaptureMode::Automatic)).await);
    }
    fake.next(Fault::FailDone);
    assert_eq!(unknown(stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await).0, "http_500");
    fake.next(Fault::Fail);
    assert_eq!(unknown(stripe.begin(&key(2), &payment(2, CaptureMode::Automatic)).await).0, "http_500");
    let after = before + Duration::from_mins(1);
    let found = done(stripe.find(&PaymentId(Uuid::from_u128(1)), before, after).await).unwrap();
    assert_eq!(found.payment_id, Some(PaymentId(Uuid::from_u128(1))));
    let first = done(stripe.find(&PaymentId(Uuid::from_u128(10)), before, after).await).unwrap();
    assert_eq!(first.amount, 11_900, "on the last page");
    assert_eq!(done(stripe.find(&PaymentId(Uuid::from_u128(2)), before, after).await), None);
    fake.next(Fault::Answer(502, ""));
    assert_eq!(unknown(stripe.find(&PaymentId(Uuid::from_u128(2)), before, after).await).0, "http_502");
}

#[tokio::test]
async fn a_search_for_a_payment_stops_at_payments_begun_after_the_last_call_r90() {
    let Case { stripe, fake: _fake } = case();
    let now = UtcDateTime::now();
    done(stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await);
    let find =
        async |until| done(stripe.find(&PaymentId(Uuid::from_u128(1)), now - Duration::from_hours(9), until).await);
    // The clocks may differ by 5 minutes.
    assert!(find(now - Duration::from_mins(4)).await.is_some());
    assert!(find(now - Duration::from_mins(6)).await.is_none());
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_unknown_after_ten_seconds_r90() {
    let case = case();
    let reference = case.paid(CaptureMode::Automatic).await;
    case.fake.next(Fault::Hold);
    let began = Instant::now();
    assert_eq!(unknown(case.stripe.refund(&key(2), &reference, eur(500)).await).0, "timeout");
    assert!((9..13).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert_eq!(unknown(case.stripe.refund(&key(2), &reference, eur(500)).await).0, "http_409", "it still runs");
    case.fake.release();
    testkit::until("answered", async || {
        matches!(case.stripe.refund(&key(2), &reference, eur(500)).await, ProviderAnswer::Done(_))
    })
    .await;
    assert_eq!(case.balance().refunded, 500);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unknown_r90() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let stripe = Stripe::new(config(&address)).unwrap();
    assert_eq!(
        unknown(stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await),
        ("connection".to_owned(), false)
    );
}

#[tokio::test]
async fn a_payment_is_void_only_while_nothing_was_taken_r86_r95() {
    let case = case();
    let reference = case.paid(CaptureMode::Manual).await;
    assert_eq!(done(case.stripe.void(&key(2), &reference).await).status, PaymentStatus::Voided);
    assert_eq!(done(case.stripe.void(&key(3), &reference).await).status, PaymentStatus::Voided, "void already");
    let taken = done(case.stripe.begin(&key(4), &payment(2, CaptureMode::Automatic)).await).reference;
    case.fake.books(|books| books.pay(taken.as_str()));
    assert_eq!(refusal(case.stripe.void(&key(5), &taken).await), "payment_intent_unexpected_state");
    assert_eq!(refusal(case.stripe.capture(&key(6), &taken, eur(1)).await), "payment_intent_unexpected_state");
}

#[tokio::test]
async fn a_decline_leaves_the_payment_to_another_try_r95() {
    let Case { fake, stripe } = case();
    let reference = done(stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await).reference;
    fake.books(|books| books.decline(reference.as_str(), "insufficient_funds"));
    let declined = done(stripe.fetch(&reference).await);
    assert_eq!(
        (declined.status, declined.error.unwrap().code.as_str()),
        (PaymentStatus::RequiresAction, "insufficient_funds")
    );
    assert!(matches!(declined.next_action, NextAction::ClientSecret { .. }));
    fake.books(|books| books.process(reference.as_str()));
    assert_eq!(done(stripe.fetch(&reference).await).status, PaymentStatus::Processing);
    fake.books(|books| books.pay(reference.as_str()));
    let paid = done(stripe.fetch(&reference).await);
    assert_eq!((paid.status, paid.captured, paid.error), (PaymentStatus::Captured, 11_900, None));
}

#[tokio::test]
async fn refunds_and_disputes_made_elsewhere_are_seen_r96() {
    let case = case();
    let reference = case.paid(CaptureMode::Automatic).await;
    let id = reference.as_str();
    let refund = case.fake.books(|books| books.refund_on_page(id, 900));
    let seen = done(case.stripe.fetch(&reference).await).refunds;
    assert_eq!((seen[0].operation, seen[0].amount, seen[0].status), (None, 900, RefundStatus::Succeeded));
    case.fake.books(|books| books.settle_refund(&refund, "failed"));
    assert_eq!(done(case.stripe.fetch(&reference).await).refunds[0].status, RefundStatus::Failed, "it bounced");
    let asked = case.fake.books(|books| books.dispute(id, 100, "warning_needs_response"));
    let dispute = case.fake.books(|books| books.dispute(id, 11_900, "needs_response"));
    let seen = done(case.stripe.fetch(&reference).await).disputes;
    assert_eq!(
        (seen.len(), seen[0].amount, seen[0].status),
        (1, 11_900, DisputeStatus::Open),
        "{asked} moves no money"
    );
    for (status, ours) in [("lost", DisputeStatus::Lost), ("won", DisputeStatus::Won)] {
        case.fake.books(|books| books.close_dispute(&dispute, status));
        assert_eq!(done(case.stripe.fetch(&reference).await).disputes[0].status, ours);
    }
}

#[tokio::test]
async fn a_refund_that_waits_is_pending_and_known_by_its_operation_r95() {
    let case = case();
    let reference = case.paid(CaptureMode::Automatic).await;
    case.fake.books(|books| books.next_refund = Some("pending"));
    let refunds = done(case.stripe.refund(&key(2), &reference, eur(500)).await).refunds;
    assert_eq!((refunds[0].status, refunds[0].operation), (RefundStatus::Pending, Some(key(2).operation)));
}

#[tokio::test]
async fn failed_notices_are_taken_oldest_first_r98() {
    let Case { fake, stripe } = case();
    let before = UtcDateTime::now() - Duration::from_mins(1);
    let reference = done(stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await).reference;
    fake.books(|books| books.pay(reference.as_str()));
    fake.books(|books| books.refund_on_page(reference.as_str(), 100));
    let dispute = fake.books(|books| books.dispute(reference.as_str(), 100, "needs_response"));
    for _ in 0..110 {
        fake.books(|books| books.close_dispute(&dispute, "won"));
    }
    fake.books(|books| books.events[0].delivered = true);
    let missed = done(stripe.missed(before).await);
    assert_eq!(missed.len(), 113, "in more than one page");
    let kinds: Vec<_> = missed.iter().take(3).map(|notice| notice.kind.as_str()).collect();
    assert_eq!(kinds, ["payment_intent.succeeded", "refund.created", "charge.dispute.created"]);
    assert!(missed.iter().all(|notice| notice.reference.as_ref() == Some(&reference)));
}

#[tokio::test]
async fn a_notice_is_read_only_if_it_is_signed_now_r88() {
    let Case { fake, stripe } = case();
    let reference = done(stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await).reference;
    fake.books(|books| books.pay(reference.as_str()));
    let body = fake.books(|books| books.events.last().unwrap().body.clone());
    let now = UtcDateTime::now();
    let at = u64::try_from(now.unix_timestamp()).unwrap();
    let headers = |signature: String| Headers::new([("stripe-signature".to_owned(), signature)]);
    let notice = stripe.read_notice(&headers(sign(WEBHOOK_SECRET, at, &body)), body.as_bytes(), now).unwrap();
    assert_eq!((notice.kind.as_str(), notice.reference), ("payment_intent.succeeded", Some(reference)));
    for (signed, body) in [
        (sign("whsec_of_somebody", at, &body), body.clone()),
        (sign(WEBHOOK_SECRET, at - 301, &body), body.clone()),
        (sign(WEBHOOK_SECRET, at, &body), body.replace("succeeded", "processed")),
        (sign(WEBHOOK_SECRET, at, "[]"), "[]".to_owned()),
    ] {
        assert!(stripe.read_notice(&headers(signed), body.as_bytes(), now).is_err());
    }
    assert!(stripe.read_notice(&Headers::default(), body.as_bytes(), now).is_err());
}

#[tokio::test]
async fn amounts_go_out_and_come_back_in_stripes_units_r99() {
    let Case { fake, stripe } = case();
    let isk = |amount| Money { amount, currency: Currency::parse("ISK").unwrap() };
    let new = NewPayment { amount: isk(5_000), ..payment(1, CaptureMode::Automatic) };
    let begun = done(stripe.begin(&key(1), &new).await);
    assert_eq!(begun.amount, 5_000);
    fake.books(|books| books.pay(begun.reference.as_str()));
    assert_eq!(fake.books(|books| books.balances()).remove(0).captured, 500_000);
    assert_eq!(done(stripe.refund(&key(2), &begun.reference, isk(7)).await).refunds[0].amount, 7);
    let kwd = Money { amount: 11_699, currency: Currency::parse("KWD").unwrap() };
    let new = NewPayment { amount: kwd, ..payment(2, CaptureMode::Automatic) };
    assert_eq!(refusal(stripe.begin(&key(3), &new).await), "amount_not_chargeable");
    let gold = Money { amount: 1, currency: Currency::parse("XAU").unwrap() };
    assert_eq!(refusal(stripe.begin(&key(4), &NewPayment { amount: gold, ..new }).await), "amount_not_chargeable");
    assert_eq!(stripe.capabilities(gold.currency), None);
    let limits = stripe.capabilities(kwd.currency).unwrap();
    assert_eq!((limits.step, limits.min), (10, 10));
}

#[tokio::test]
async fn the_error_about_a_wrong_api_key_does_not_show_it_r95() {
    let fake = FakeStripe::start();
    let wrong = StripeConfig { secret_key: "sk_test_hunter2".into(), ..config(&fake.address) };
    let stripe = Stripe::new(wrong).unwrap();
    let refused = stripe.begin(&key(1), &payment(1, CaptureMode::Automatic)).await;
    let shown = format!("{refused:?} {stripe:?}");
    assert!(!shown.contains("hunter2") && !shown.contains(WEBHOOK_SECRET), "{shown}");
    assert_eq!(unknown(refused), ("key_refused".to_owned(), false));
}

#[tokio::test]
async fn a_wrong_key_says_nothing_of_a_payment_r88_r90_r95() {
    let case = case();
    let reference = case.paid(CaptureMode::Automatic).await;
    let wrong = StripeConfig { secret_key: "sk_test_hunter2".into(), ..config(&case.fake.address) };
    let stripe = Stripe::new(wrong).unwrap();
    // Not 'there is no such payment': a notice is kept, and a look tells nothing.
    assert_eq!(unknown(stripe.fetch(&reference).await), ("key_refused".to_owned(), false));
    let since = UtcDateTime::now() - Duration::from_mins(1);
    let found = stripe.find(&PaymentId(Uuid::from_u128(1)), since, UtcDateTime::now()).await;
    assert_eq!(unknown(found).0, "key_refused");
    // Nor is what was asked refused: with a key that works the same is asked again.
    assert_eq!(unknown(stripe.refund(&key(2), &reference, eur(500)).await), ("key_refused".to_owned(), false));
    assert_eq!(case.balance().refunded, 0);
    done(case.stripe.refund(&key(2), &reference, eur(500)).await);
    assert_eq!(case.balance().refunded, 500);
}

#[tokio::test]
async fn a_payment_that_stripe_does_not_know_is_refused_r95() {
    let Case { fake, stripe } = case();
    let reference = Reference::parse("pi/../../refunds?x").unwrap();
    assert_eq!(refusal(stripe.fetch(&reference).await), "resource_missing");
    assert_eq!(fake.seen().pop().unwrap().path, "payment_intents/pi%2F..%2F..%2Frefunds%3Fx");
}
