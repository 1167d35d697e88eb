//! The test provider, with its books in a database.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::Clock;
use domain::orders::OrderId;
use domain::payments::{
    CaptureMode, MethodName, NewPayment, NextAction, Notice, OperationId, OperationKey, PaymentId, PaymentProvider,
    PaymentStatus, ProviderAnswer, Reference, RefundStatus, Snapshot,
};
use domain::{Currency, Money, UtcDateTime};
use infrastructure::outbound::payments::{CannotAct, Deliver, TestAct, TestProvider};

use crate::support::{NOW, TestDb, at_once, connect, id};

on_every_database!(
    a_payment_survives_a_restart_r94,
    two_servers_do_the_same_operation_once_r90_r94,
    refunds_of_several_servers_never_exceed_what_was_taken_r94,
    a_customer_acts_once_r94,
    a_payment_can_be_of_another_amount_or_order_than_the_shop_believes_r94,
    notices_come_twice_in_reverse_or_before_the_answer_r94,
    a_way_to_pay_that_is_not_known_is_refused_with_all_that_are_r94,
);

/// A clock that the test sets.
#[derive(Clone)]
struct Hands(Arc<Mutex<UtcDateTime>>);

impl Clock for Hands {
    fn now(&self) -> UtcDateTime {
        *self.0.lock().unwrap()
    }
}

impl Hands {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(NOW)))
    }

    fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

fn silent() -> Deliver {
    Arc::new(|_| Box::pin(async {}))
}

fn provider(db: &TestDb, clock: &Hands, deliver: Deliver) -> TestProvider {
    TestProvider::new(db.database.test_payments(), Arc::new(clock.clone()), Duration::from_mins(30), deliver)
}

fn new_payment(method: &str) -> NewPayment {
    NewPayment {
        payment_id: PaymentId(id()),
        order_id: OrderId(id()),
        order_label: "7F3K-92QX-T".to_owned(),
        amount: usd(1000),
        capture: CaptureMode::Automatic,
        method: Some(MethodName::parse(method).unwrap()),
        return_url: None,
    }
}

fn usd(amount: i64) -> Money {
    Money { amount, currency: Currency::default() }
}

fn key() -> OperationKey {
    OperationKey { operation: OperationId(id()), generation: 1 }
}

fn done<T>(outcome: ProviderAnswer<T>) -> T {
    match outcome {
        ProviderAnswer::Done(done) => done,
        ProviderAnswer::Refused { error, .. } | ProviderAnswer::Unknown { error, .. } => panic!("{error:?}"),
    }
}

async fn a_payment_survives_a_restart_r94(db: TestDb) {
    let clock = Hands::new();
    let (new, first_key) = (new_payment("refund_pending"), key());
    let begun = done(provider(&db, &clock, silent()).begin(&first_key, &new).await);
    assert_eq!((begun.status, begun.captured), (PaymentStatus::Captured, 1000));
    assert_eq!((begun.order_id, begun.payment_id), (Some(new.order_id), Some(new.payment_id)));
    let again = TestDb { database: connect(&db.url).await, ..db.clone() };
    let server = provider(&again, &clock, silent());
    assert_eq!(done(server.begin(&first_key, &new).await), begun, "the same key, the same answer");
    let refund = key();
    let pending = done(server.refund(&refund, &begun.reference, usd(300)).await).refunds.remove(0);
    assert_eq!((pending.status, pending.operation), (RefundStatus::Pending, Some(refund.operation)));
    clock.pass(Duration::from_secs(5));
    let server = provider(&db, &clock, silent());
    let later = done(server.fetch(&begun.reference).await);
    assert_eq!(later.refunds[0].status, RefundStatus::Succeeded);
    assert_eq!(done(server.find(&new.payment_id, NOW, NOW).await), Some(later));
    assert_eq!(done(server.find(&PaymentId(id()), NOW, NOW).await), None);
    again.database.close().await;
}

async fn two_servers_do_the_same_operation_once_r90_r94(db: TestDb) {
    let clock = Hands::new();
    let (new, first_key, refund) = (new_payment("ok"), key(), key());
    let begun = at_once(6, |_| {
        let (provider, new) = (provider(&db, &clock, silent()), new.clone());
        async move { done(provider.begin(&first_key, &new).await) }
    })
    .await;
    let reference = begun[0].reference.clone();
    assert!(begun.iter().all(|one| one.reference == reference && one.captured == 1000));
    let refunded = at_once(6, |_| {
        let (provider, reference) = (provider(&db, &clock, silent()), reference.clone());
        async move { done(provider.refund(&refund, &reference, usd(400)).await) }
    })
    .await;
    assert!(refunded.iter().all(|one| one.refunds.len() == 1));
}

async fn refunds_of_several_servers_never_exceed_what_was_taken_r94(db: TestDb) {
    let clock = Hands::new();
    let begun = done(provider(&db, &clock, silent()).begin(&key(), &new_payment("ok")).await);
    let outcomes = at_once(6, |_| {
        let (provider, reference) = (provider(&db, &clock, silent()), begun.reference.clone());
        async move { matches!(provider.refund(&key(), &reference, usd(300)).await, ProviderAnswer::Done(_)) }
    })
    .await;
    assert_eq!(outcomes.into_iter().filter(|done| *done).count(), 3);
    assert_eq!(done(provider(&db, &clock, silent()).fetch(&begun.reference).await).refunds.len(), 3);
}

async fn a_customer_acts_once_r94(db: TestDb) {
    let clock = Hands::new();
    let provider = provider(&db, &clock, silent());
    let begun = done(provider.begin(&key(), &new_payment("requires_action")).await);
    assert!(matches!(begun.next_action, NextAction::Test { path } if path.contains(begun.reference.as_str())));
    provider.act(&begun.reference, TestAct::Decline).await.unwrap();
    let declined = done(provider.fetch(&begun.reference).await);
    assert_eq!(
        (declined.status, declined.error.unwrap().code.as_str()),
        (PaymentStatus::RequiresAction, "card_declined")
    );
    provider.act(&begun.reference, TestAct::Pay).await.unwrap();
    assert_eq!(done(provider.fetch(&begun.reference).await).captured, 1000);
    assert!(matches!(provider.act(&begun.reference, TestAct::Fail).await, Err(CannotAct::NotWaiting)));
    let nobody = Reference::parse("test_nobody").unwrap();
    assert!(matches!(provider.act(&nobody, TestAct::Pay).await, Err(CannotAct::Unknown)));
    assert!(matches!(provider.fetch(&nobody).await, ProviderAnswer::Refused { .. }));
}

async fn a_payment_can_be_of_another_amount_or_order_than_the_shop_believes_r94(db: TestDb) {
    let provider = provider(&db, &Hands::new(), silent());
    let amount = done(provider.begin(&key(), &new_payment("wrong_amount")).await).amount;
    let new = new_payment("wrong_order");
    let order = done(provider.begin(&key(), &new).await).order_id;
    assert!(amount == 1001 && order.is_some_and(|order| order != new.order_id));
}

async fn notices_come_twice_in_reverse_or_before_the_answer_r94(db: TestDb) {
    let told: Arc<Mutex<Vec<Notice>>> = Arc::default();
    let inbox = told.clone();
    let deliver: Deliver = Arc::new(move |notice| {
        inbox.lock().unwrap().push(notice);
        Box::pin(async {})
    });
    let events = || told.lock().unwrap().iter().map(|one| one.event_id.as_str().to_owned()).collect::<Vec<_>>();
    let provider = provider(&db, &Hands::new(), deliver);
    let begun = done(provider.begin(&key(), &new_payment("webhook_early")).await);
    assert_eq!(events(), [format!("{}_e1", begun.reference.as_str())], "before the answer");
    for (script, expected) in
        [("webhook_twice", vec!["e1", "e1", "e2", "e2"]), ("webhook_reversed", vec!["e1", "e2", "e1"])]
    {
        told.lock().unwrap().clear();
        let Snapshot { reference, .. } = done(provider.begin(&key(), &new_payment(script)).await);
        until(|| !events().is_empty()).await;
        done(provider.refund(&key(), &reference, usd(1)).await);
        until(|| events().len() == expected.len()).await;
        let steps: Vec<_> = events().iter().map(|event| event.rsplit('_').next().unwrap().to_owned()).collect();
        assert_eq!(steps, expected, "{script}");
    }
}

async fn until(happened: impl Fn() -> bool) {
    for _ in 0..500 {
        if happened() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within 5 seconds");
}

async fn a_way_to_pay_that_is_not_known_is_refused_with_all_that_are_r94(db: TestDb) {
    let provider = provider(&db, &Hands::new(), silent());
    let ProviderAnswer::Refused { error, .. } = provider.begin(&key(), &new_payment("paypal")).await else { panic!() };
    assert!(error.text.as_str().contains("paypal") && error.text.as_str().contains("refund_bounces"), "{error:?}");
}
