//! Endpoints and deliveries: who is behind, what is due, what came of each try, and what is kept.

use std::time::Duration;

use application::webhooks::{FanOut, Redeliver, ReplayEvents};
use domain::events::{Event, EventType, TypePatterns};
use domain::webhooks::{
    Answer, AttemptAnswer, Delivery, DeliveryId, DeliveryStatus, Endpoint, EndpointDescription, EndpointDetails,
    EndpointId, Target,
};
use domain::{StoreError, UtcDateTime, Uuid};

use crate::outbox::{append, event, sequence};
use crate::support::{NOW, TestDb, every_page, first, id};

on_every_database!(
    an_endpoint_is_kept_as_it_is_r168,
    endpoints_are_listed_oldest_first_and_counted_r168,
    wanted_events_become_deliveries_once_r168_r170,
    due_deliveries_are_found_once_nobody_holds_them_r170,
    tries_are_kept_with_what_was_answered_r171,
    a_delivery_of_an_event_to_an_endpoint_is_there_once_r170,
    a_replay_makes_deliveries_again_and_a_deleted_endpoint_has_none_r171,
    deliveries_are_kept_until_they_are_purged_r174,
);

const SERVER: Uuid = Uuid::from_u128(9);
const TIMEOUT: Duration = Duration::from_secs(15);
const HOUR: Duration = Duration::from_hours(1);

fn endpoint(types: &str) -> Endpoint {
    let details = EndpointDetails {
        target: Target::parse("https://receiver.example/hook?key=ä").unwrap(),
        types: TypePatterns::parse(types).unwrap(),
        description: EndpointDescription::parse("Lager 🦊").ok(),
    };
    Endpoint::new(EndpointId(id()), details, 0, NOW)
}

async fn insert(db: &TestDb, endpoint: &Endpoint) {
    let mut tx = db.begin().await;
    tx.webhooks().insert(endpoint).await.unwrap();
    tx.commit().await.unwrap();
}

/// Adds deliveries of events that nobody has kept.
async fn add(db: &TestDb, endpoint: EndpointId, count: usize) -> Vec<Delivery> {
    let new: Vec<_> = (0..count).map(|_| Delivery::new(DeliveryId(id()), endpoint, id(), NOW)).collect();
    let mut tx = db.begin().await;
    tx.webhooks().add(&new).await.unwrap();
    tx.commit().await.unwrap();
    new
}

async fn save(db: &TestDb, delivery: &Delivery) {
    let mut tx = db.begin().await;
    assert!(tx.webhooks().lock_delivery(delivery.id).await.unwrap().is_some());
    tx.webhooks().save(delivery).await.unwrap();
    tx.commit().await.unwrap();
}

async fn due(db: &TestDb, endpoint: EndpointId, now: UtcDateTime) -> Vec<DeliveryId> {
    db.database.queries().webhooks.due(endpoint, now, 100).await.unwrap()
}

async fn deliveries(db: &TestDb, endpoint: EndpointId, status: Option<DeliveryStatus>) -> Vec<Delivery> {
    let queries = db.database.queries().webhooks;
    let all = every_page(2, async |page| queries.deliveries(endpoint, status, &page).await.unwrap()).await;
    all.into_iter().map(|log| log.delivery).collect()
}

fn answer(status: Option<u16>) -> Answer {
    let body = status.map(|_| AttemptAnswer::new("no: 🦊\n".as_bytes()));
    Answer { status, body, ..Answer::none("cannot connect: ä", Duration::from_millis(1234)) }
}

async fn an_endpoint_is_kept_as_it_is_r168(db: TestDb) {
    let queries = db.database.queries().webhooks;
    let made = endpoint("order.*,refund.succeeded");
    insert(&db, &made).await;
    assert_eq!(queries.get(made.id).await.unwrap(), Some(made.clone()));
    assert_eq!(queries.get(EndpointId(id())).await.unwrap(), None);
    let later = NOW + HOUR;
    let busy = Endpoint { position: 7, failures: 3, failing_since: Some(NOW), last_success_at: Some(later), ..made };
    let changed = busy.rotated(later).replaying(2, Some(5)).paused(later);
    let mut tx = db.begin().await;
    assert!(tx.webhooks().lock(changed.id).await.unwrap().is_some());
    tx.webhooks().update(&changed).await.unwrap();
    assert_eq!(tx.webhooks().find(changed.id).await.unwrap(), Some(changed.clone()));
    tx.commit().await.unwrap();
    assert_eq!(queries.get(changed.id).await.unwrap(), Some(changed));
}

async fn endpoints_are_listed_oldest_first_and_counted_r168(db: TestDb) {
    let queries = db.database.queries().webhooks;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(endpoint("*"));
        insert(&db, made.last().unwrap()).await;
    }
    let listed = every_page(2, async |page| queries.list(&page).await.unwrap()).await;
    assert_eq!(listed, made);
    let mut tx = db.begin().await;
    assert_eq!(tx.webhooks().count().await.unwrap(), 5);
    tx.webhooks().delete(made[0].id).await.unwrap();
    tx.webhooks().update(&made[1].paused(NOW)).await.unwrap();
    tx.commit().await.unwrap();
    let active = queries.active(NOW).await.unwrap();
    assert_eq!(active.iter().map(|one| one.endpoint.id).collect::<Vec<_>>(), [made[2].id, made[3].id, made[4].id]);
    assert!(active.iter().all(|one| !one.is_due));
}

async fn wanted_events_become_deliveries_once_r168_r170(db: TestDb) {
    let made = endpoint("order.*");
    insert(&db, &made).await;
    let test = Event::webhook_test(&made);
    let other = Event { stream: id(), ..test.clone() };
    let (placed, refund) = (event(EventType::OrderPlaced, id()), event(EventType::RefundCreated, id()));
    let ids = append(&db, [placed.clone(), refund, test, other, placed]).await;
    sequence(&db).await;
    let runner = db.runner();
    let fan_out = FanOut { id: made.id, limit: 2 };
    assert_eq!(
        [true, true, false],
        [runner.run(fan_out).await.unwrap(), runner.run(fan_out).await.unwrap(), runner.run(fan_out).await.unwrap(),]
    );
    assert!(!runner.run(fan_out).await.unwrap());
    let found = deliveries(&db, made.id, None).await;
    let events: Vec<_> = found.iter().rev().map(|delivery| delivery.event_id).collect();
    assert_eq!(events, [ids[0], ids[2], ids[4]]);
    let now = db.database.queries().webhooks.get(made.id).await.unwrap().unwrap();
    assert_eq!((now.position, now.version), (5, made.version));
    let logs = db.database.queries().webhooks.deliveries(made.id, None, &first(1)).await.unwrap();
    assert_eq!(logs.items[0].event, Some(("order.placed".to_owned(), 5)));
}

async fn due_deliveries_are_found_once_nobody_holds_them_r170(db: TestDb) {
    let made = endpoint("*");
    insert(&db, &made).await;
    let new = add(&db, made.id, 3).await;
    let mut all = due(&db, made.id, NOW).await;
    all.sort();
    assert_eq!(all, new.iter().map(|delivery| delivery.id).collect::<Vec<_>>());
    assert!(due(&db, made.id, NOW - HOUR).await.is_empty());
    save(&db, &new[0].held_by(SERVER, TIMEOUT, NOW)).await;
    save(&db, &new[1].given_up(NOW)).await;
    assert_eq!(due(&db, made.id, NOW).await, [new[2].id]);
    assert_eq!(due(&db, made.id, NOW + HOUR).await.len(), 2, "the lease is over");
    assert!(db.database.queries().webhooks.active(NOW).await.unwrap()[0].is_due);
    let mut tx = db.begin().await;
    tx.webhooks().update(&made.paused(NOW)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(due(&db, made.id, NOW).await.is_empty(), "the endpoint is paused");
}

async fn tries_are_kept_with_what_was_answered_r171(db: TestDb) {
    let made = endpoint("*");
    insert(&db, &made).await;
    let mut delivery = add(&db, made.id, 1).await.remove(0);
    for (try_no, status) in [(1, None), (2, Some(503)), (3, Some(200))] {
        let held = delivery.held_by(SERVER, TIMEOUT, NOW);
        let (after, attempt) = held.after_try(SERVER, NOW, &answer(status), NOW + HOUR).unwrap();
        assert_eq!(attempt.no, try_no);
        let mut tx = db.begin().await;
        tx.webhooks().record(&attempt).await.unwrap();
        tx.webhooks().save(&after).await.unwrap();
        tx.commit().await.unwrap();
        delivery = after;
    }
    let log = db.database.queries().webhooks.delivery(delivery.id).await.unwrap().unwrap();
    assert_eq!((log.delivery.status, &log.delivery, &log.event), (DeliveryStatus::Succeeded, &delivery, &None));
    let statuses: Vec<_> = log.attempts.iter().map(|attempt| attempt.answer.status).collect();
    assert_eq!(statuses, [None, Some(503), Some(200)]);
    assert_eq!(log.attempts[0].answer, answer(None));
    assert_eq!(log.attempts[1].answer, answer(Some(503)));
    assert_eq!(deliveries(&db, made.id, Some(DeliveryStatus::Succeeded)).await, [delivery]);
    assert!(deliveries(&db, made.id, Some(DeliveryStatus::Pending)).await.is_empty());
    assert!(db.database.examine().await.unwrap().is_empty());
}

async fn a_delivery_of_an_event_to_an_endpoint_is_there_once_r170(db: TestDb) {
    let made = endpoint("*");
    insert(&db, &made).await;
    let delivery = add(&db, made.id, 1).await.remove(0);
    let mut tx = db.begin().await;
    let twice = tx.webhooks().add(&[Delivery { id: DeliveryId(id()), ..delivery }]).await;
    let refused = match twice {
        Ok(()) => tx.commit().await,
        refused => refused,
    };
    assert!(matches!(refused, Err(StoreError::Internal(_) | StoreError::Raced(_))), "{refused:?}");
}

async fn a_replay_makes_deliveries_again_and_a_deleted_endpoint_has_none_r171(db: TestDb) {
    let made = endpoint("order.*");
    insert(&db, &made).await;
    append(&db, (0..4).map(|_| event(EventType::OrderPlaced, id()))).await;
    sequence(&db).await;
    let runner = db.runner();
    runner.run(FanOut { id: made.id, limit: 100 }).await.unwrap();
    let before = deliveries(&db, made.id, None).await;
    for delivery in &before {
        save(&db, &delivery.given_up(NOW)).await;
    }
    runner.run(ReplayEvents { id: made.id, after: 1, before: Some(4) }).await.unwrap();
    while runner.run(FanOut { id: made.id, limit: 1 }).await.unwrap() {}
    let pending = deliveries(&db, made.id, Some(DeliveryStatus::Pending)).await;
    let expected: Vec<_> = before[1..3].iter().map(|delivery| (delivery.id, delivery.event_id)).collect();
    assert_eq!(pending.iter().map(|one| (one.id, one.event_id)).collect::<Vec<_>>(), expected);
    let again = runner.run(Redeliver(before[0].id)).await.unwrap();
    assert_eq!((again.id, again.status), (before[0].id, DeliveryStatus::Pending));
    let mut tx = db.begin().await;
    tx.webhooks().delete(made.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(db.database.queries().webhooks.delivery(before[0].id).await.unwrap().is_none());
    assert!(runner.run(Redeliver(before[0].id)).await.is_err());
    assert!(due(&db, made.id, NOW + HOUR * 999_999).await.is_empty());
}

async fn deliveries_are_kept_until_they_are_purged_r174(db: TestDb) {
    let (kept, deleted) = (endpoint("*"), endpoint("*"));
    insert(&db, &kept).await;
    insert(&db, &deleted).await;
    let new = add(&db, kept.id, 4).await;
    add(&db, deleted.id, 3).await;
    let (old, young) = (new[0].given_up(NOW - HOUR), new[1].given_up(NOW + HOUR));
    save(&db, &old).await;
    save(&db, &young).await;
    let held = new[2].held_by(SERVER, TIMEOUT, NOW);
    let (_, attempt) = held.after_try(SERVER, NOW, &answer(None), NOW).unwrap();
    let mut tx = db.begin().await;
    for no in 1..=2 {
        let of_old = domain::webhooks::Attempt { delivery_id: old.id, no, ..attempt.clone() };
        tx.webhooks().record(&of_old).await.unwrap();
    }
    tx.webhooks().delete(deleted.id).await.unwrap();
    tx.commit().await.unwrap();
    let purge = async |limit| {
        let mut tx = db.begin().await;
        let purged = tx.webhooks().purge(NOW, limit).await.unwrap();
        tx.commit().await.unwrap();
        purged
    };
    assert_eq!((purge(2).await, purge(2).await, purge(2).await), (2, 2, 0));
    let left: Vec<_> = deliveries(&db, kept.id, None).await.iter().rev().map(|delivery| delivery.id).collect();
    assert_eq!(left, [young.id, new[2].id, new[3].id]);
    assert!(deliveries(&db, deleted.id, None).await.is_empty());
    assert!(db.database.queries().webhooks.delivery(old.id).await.unwrap().is_none());
}
