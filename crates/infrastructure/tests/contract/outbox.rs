//! The outbox and the feed: every event once, in order, without a gap, whoever gives the positions.

use std::collections::HashSet;
use std::time::Duration;

use application::events::{SequenceEvents, Sequenced};
use domain::events::{Event, EventFilter, EventType, FeedPage, SEQUENCER_LEASE, Sequencer, TypePatterns};
use domain::{StoreError, Uuid};
use infrastructure::db::Database;

use crate::support::{NOW, TestDb, connect, id, runner_on};

on_every_database!(
    events_get_positions_in_order_and_leave_the_outbox_r165_r166,
    an_event_that_commits_later_gets_a_later_position_r166,
    positions_that_somebody_else_has_given_are_not_given_again_r166,
    two_sequencers_that_go_by_the_same_position_give_it_once_r166,
    every_event_of_200_writers_is_read_once_and_in_order_r166_r167,
    an_event_without_data_is_left_out_r166,
    a_filter_leads_past_what_it_does_not_want_r167,
    old_events_are_purged_from_the_beginning_in_batches_r174,
);

const DAY: Duration = Duration::from_hours(24);

pub fn event(event_type: EventType, stream: Uuid) -> Event {
    Event { event_type, stream, data: vec![] }
}

fn placed() -> Event {
    event(EventType::OrderPlaced, id())
}

pub async fn append(db: &TestDb, events: impl IntoIterator<Item = Event>) -> Vec<Uuid> {
    let mut tx = db.begin().await;
    let mut ids = Vec::new();
    for event in events {
        ids.push(Uuid::now_v7());
        tx.outbox().append(*ids.last().unwrap(), event, NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    ids
}

fn turn(next: i64) -> Sequencer {
    Sequencer { next, holder: Some(Uuid::from_u128(1)), until: NOW + SEQUENCER_LEASE }
}

/// Gives positions to everything.
pub async fn sequence(db: &TestDb) -> u64 {
    let mut tx = db.begin().await;
    let next = tx.outbox().sequencer().await.unwrap().next;
    let moved = tx.outbox().sequence(&turn(next), 500).await.unwrap();
    tx.commit().await.unwrap();
    moved
}

async fn read(database: &Database, filter: &EventFilter, after: i64, limit: u64) -> FeedPage {
    database.queries().events.read(filter, after, limit).await.unwrap()
}

async fn positions(db: &TestDb) -> Vec<(i64, Uuid)> {
    let page = read(&db.database, &EventFilter::default(), 0, 1000).await;
    page.events.iter().map(|event| (event.position, event.id)).collect()
}

async fn events_get_positions_in_order_and_leave_the_outbox_r165_r166(db: TestDb) {
    let state = async || db.database.queries().events.state().await.unwrap();
    assert_eq!((state().await.last, state().await.is_waited_for), (0, false));
    let stream = id();
    let ids = append(&db, [event(EventType::OrderPlaced, stream), placed(), placed()]).await;
    assert_eq!((state().await.last, state().await.is_waited_for), (0, true));
    assert_eq!(sequence(&db).await, 3);
    assert_eq!((state().await.last, state().await.is_waited_for), (3, false));
    assert_eq!(positions(&db).await, (1..).zip(ids.clone()).collect::<Vec<_>>());
    let page = read(&db.database, &EventFilter::default(), 0, 1).await;
    let first = &page.events[0];
    assert_eq!((first.id, first.stream, first.at), (ids[0], stream, NOW));
    assert_eq!((first.event_type.as_str(), first.data.as_str()), ("order.placed", "{}"));
    assert_eq!((page.next_after, page.has_more, page.oldest), (1, true, 1));
    let mut tx = db.begin().await;
    let sequencer = tx.outbox().sequencer().await.unwrap();
    assert_eq!(sequencer, turn(4));
    assert_eq!(tx.outbox().sequence(&turn(4), 500).await.unwrap(), 0, "the outbox is empty");
    tx.commit().await.unwrap();
}

async fn an_event_that_commits_later_gets_a_later_position_r166(db: TestDb) {
    // The earlier id commits later. On SQLite one transaction follows the other, so that only the ids are swapped.
    let (early, late) = (Uuid::now_v7(), Uuid::now_v7());
    let slow = if db.is_sqlite() {
        None
    } else {
        let mut slow = db.begin().await;
        slow.outbox().append(early, placed(), NOW).await.unwrap();
        // Any statement sends what is deferred.
        slow.outbox().sequencer().await.unwrap();
        Some(slow)
    };
    let mut fast = db.begin().await;
    fast.outbox().append(late, placed(), NOW).await.unwrap();
    fast.commit().await.unwrap();
    assert_eq!(sequence(&db).await, 1);
    assert_eq!(positions(&db).await, [(1, late)]);
    let slow = if let Some(slow) = slow {
        slow
    } else {
        let mut slow = db.begin().await;
        slow.outbox().append(early, placed(), NOW).await.unwrap();
        slow
    };
    slow.commit().await.unwrap();
    assert_eq!(sequence(&db).await, 1);
    assert_eq!(positions(&db).await, [(1, late), (2, early)]);
}

async fn positions_that_somebody_else_has_given_are_not_given_again_r166(db: TestDb) {
    let ids = append(&db, [placed()]).await;
    assert_eq!(sequence(&db).await, 1);
    let more = append(&db, [placed()]).await;
    let mut tx = db.begin().await;
    let refused = tx.outbox().sequence(&turn(1), 500).await.unwrap_err();
    assert!(matches!(refused, StoreError::Raced(_)), "{refused:?}");
    drop(tx);
    assert_eq!(positions(&db).await, [(1, ids[0])]);
    assert_eq!(sequence(&db).await, 1);
    assert_eq!(positions(&db).await, [(1, ids[0]), (2, more[0])]);
}

/// On SQLite the transactions of two servers follow each other anyway.
async fn two_sequencers_that_go_by_the_same_position_give_it_once_r166(db: TestDb) {
    if db.is_sqlite() {
        return;
    }
    let ids = append(&db, [placed(), placed()]).await;
    let other = connect(&db.url).await;
    let (mut one, mut two) =
        (db.begin().await, other.transactions().begin(application::Attempt::Careful).await.unwrap());
    assert_eq!(one.outbox().sequencer().await.unwrap().next, two.outbox().sequencer().await.unwrap().next);
    assert_eq!(one.outbox().sequence(&turn(1), 500).await.unwrap(), 2);
    // The second waits for the lock of the first, and is then too late.
    let turn = turn(1);
    let (second, ()) = tokio::join!(two.outbox().sequence(&turn, 500), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        one.commit().await.unwrap();
    });
    assert!(matches!(second, Err(StoreError::Raced(_))), "{second:?}");
    two.rollback().await.unwrap();
    assert_eq!(positions(&db).await, [(1, ids[0]), (2, ids[1])]);
    other.close().await;
}

const WRITERS: usize = 200;
const EACH: usize = 5;

/// Two servers give positions all the time, and a reader goes by `next_after` only.
async fn every_event_of_200_writers_is_read_once_and_in_order_r166_r167(db: TestDb) {
    let other = connect(&db.url).await;
    let sequencers: Vec<_> = [(&db.database, 1), (&other, 2)]
        .map(|(database, holder)| {
            let runner = runner_on(database);
            tokio::spawn(async move {
                loop {
                    let sequence = SequenceEvents { holder: Uuid::from_u128(holder), limit: 7 };
                    if matches!(runner.run(sequence).await, Ok(Sequenced::Here(0) | Sequenced::Elsewhere) | Err(_)) {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
            })
        })
        .into();
    let database = db.database.clone();
    let reader = tokio::spawn(async move {
        let (mut read_ids, mut after) = (Vec::new(), 0);
        while read_ids.len() < WRITERS * EACH {
            let page = read(&database, &EventFilter::default(), after, 50).await;
            for event in &page.events {
                assert_eq!(event.position, i64::try_from(read_ids.len()).unwrap() + 1, "a gap");
                read_ids.push(event.id);
            }
            after = page.next_after;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        read_ids
    });
    let writers = (0..WRITERS).map(|_| {
        let db = db.database.clone();
        tokio::spawn(async move {
            let mut written = Vec::new();
            for _ in 0..EACH {
                let mut tx = db.transactions().begin(application::Attempt::Careful).await.unwrap();
                written.push(Uuid::now_v7());
                tx.outbox().append(*written.last().unwrap(), placed(), NOW).await.unwrap();
                tx.commit().await.unwrap();
            }
            written
        })
    });
    let mut written = HashSet::new();
    for writer in writers.collect::<Vec<_>>() {
        written.extend(writer.await.unwrap());
    }
    let read = tokio::time::timeout(Duration::from_mins(1), reader).await;
    let read = read.unwrap_or_else(|_| panic!("the reader misses events")).unwrap();
    sequencers.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(read.len(), written.len());
    assert_eq!(read.into_iter().collect::<HashSet<_>>(), written);
    other.close().await;
}

async fn an_event_without_data_is_left_out_r166(db: TestDb) {
    let ids = append(&db, [placed(), placed()]).await;
    assert_eq!(db.execute("UPDATE outbox SET data = NULL WHERE id = ?", ids[0]).await.unwrap(), 1);
    assert_eq!(sequence(&db).await, 2);
    assert_eq!(positions(&db).await, [(1, ids[1])]);
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn a_filter_leads_past_what_it_does_not_want_r167(db: TestDb) {
    let stream = id();
    let all = [
        event(EventType::OrderPlaced, stream),
        event(EventType::ProductCreated, id()),
        event(EventType::RefundCreated, stream),
        event(EventType::OrderPlaced, id()),
        event(EventType::CustomerErased, id()),
    ];
    append(&db, all).await;
    sequence(&db).await;
    let types = |raw: &str| Some(TypePatterns::parse(raw).unwrap());
    let found = async |types, stream, after, limit| {
        let page = read(&db.database, &EventFilter { types, stream }, after, limit).await;
        let positions: Vec<_> = page.events.iter().map(|event| event.position).collect();
        (positions, page.next_after, page.has_more)
    };
    assert_eq!(found(types("order.*"), None, 0, 9).await, (vec![1, 4], 5, false));
    assert_eq!(found(types("order.*"), None, 0, 1).await, (vec![1], 1, true));
    assert_eq!(found(types("order.*,customer.erased"), None, 1, 9).await, (vec![4, 5], 5, false));
    assert_eq!(found(types("*"), None, 2, 2).await, (vec![3, 4], 4, true));
    assert_eq!(found(None, Some(stream), 0, 9).await, (vec![1, 3], 5, false));
    assert_eq!(found(types("refund.*"), Some(stream), 0, 9).await, (vec![3], 5, false));
    assert_eq!(found(types("dispute.*"), None, 3, 9).await, (vec![], 5, false));
    assert_eq!(found(None, None, 5, 9).await, (vec![], 5, false));
    assert_eq!(found(None, None, 99, 9).await, (vec![], 99, false), "after the end");
}

async fn old_events_are_purged_from_the_beginning_in_batches_r174(db: TestDb) {
    let mut tx = db.begin().await;
    // One of them happened early and committed late: what is kept has no gap.
    for day in [0, 1, 2, 3, 1, 4] {
        tx.outbox().append(Uuid::now_v7(), placed(), NOW + day * DAY).await.unwrap();
    }
    tx.commit().await.unwrap();
    sequence(&db).await;
    let mut tx = db.begin().await;
    let before = NOW + 3 * DAY;
    assert_eq!(tx.outbox().purge(before, 2).await.unwrap(), 2);
    assert_eq!(tx.outbox().purge(before, 2).await.unwrap(), 1);
    assert_eq!(tx.outbox().purge(before, 2).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let page = read(&db.database, &EventFilter::default(), 3, 9).await;
    assert_eq!((page.oldest, page.next_after), (4, 6));
    let mut tx = db.begin().await;
    assert_eq!(tx.outbox().purge(NOW + 9 * DAY, 9).await.unwrap(), 3);
    tx.commit().await.unwrap();
    let page = read(&db.database, &EventFilter::default(), 0, 9).await;
    assert_eq!((page.oldest, page.events.len(), page.next_after), (7, 0, 6), "what was given is not given again");
}
