use std::time::Duration;

use application::Event;
use domain::orders::OrderId;
use domain::{UtcDateTime, Uuid};
use uuid::{ContextV7, Timestamp};

use crate::support::{NOW, TestDb, id};

on_every_database!(old_events_are_purged_in_batches_oldest_first,);

const DAY: Duration = Duration::from_hours(24);

/// An id as the application makes it at a time.
fn id_at(time: UtcDateTime) -> Uuid {
    let seconds = time.unix_timestamp().try_into().unwrap();
    Uuid::new_v7(Timestamp::from_unix(ContextV7::new(), seconds, time.nanosecond()))
}

async fn old_events_are_purged_in_batches_oldest_first(db: TestDb) {
    let mut tx = db.begin().await;
    for day in 0..5 {
        let at = NOW + day * DAY;
        tx.outbox().append(id_at(at), Event::OrderPlaced(OrderId(id())), at).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = db.begin().await;
    let before = NOW + 3 * DAY;
    assert_eq!(tx.outbox().purge(before, 2).await.unwrap(), 2);
    assert_eq!(tx.outbox().purge(before, 2).await.unwrap(), 1);
    assert_eq!(tx.outbox().purge(before, 2).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox").await, 2);
}
