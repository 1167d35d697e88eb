use std::time::Duration;

use domain::{StoreError, UtcDateTime, Uuid};

use crate::support::{NOW, TestDb, at_once, id};

on_every_database!(
    exactly_one_of_ten_servers_takes_a_lease_r45,
    a_lease_can_be_taken_again_only_after_it_has_ended_r45,
    a_lease_of_before_the_clock_was_set_back_can_be_taken,
);

const MINUTE: Duration = Duration::from_mins(1);

/// Takes a lease, again if the race was lost, as the runner does.
async fn take(db: &TestDb, task: &'static str, holder: Uuid, now: UtcDateTime) -> bool {
    loop {
        let mut tx = db.begin().await;
        match tx.leases().take(task, holder, now, now + MINUTE).await {
            Ok(taken) => {
                tx.commit().await.unwrap();
                return taken;
            }
            Err(StoreError::Raced(_)) => tx.rollback().await.unwrap(),
            Err(error) => panic!("{error:?}"),
        }
    }
}

async fn exactly_one_of_ten_servers_takes_a_lease_r45(db: TestDb) {
    // The first time there is no row, the second time one that has ended.
    for round in 0..2 {
        let now = NOW + MINUTE * round;
        let taken = at_once(10, |_| {
            let db = db.clone();
            async move { take(&db, "task", id(), now).await }
        })
        .await;
        assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1, "round {round}");
    }
}

async fn a_lease_can_be_taken_again_only_after_it_has_ended_r45(db: TestDb) {
    let (first, second) = (id(), id());
    assert!(take(&db, "task", first, NOW).await);
    assert!(take(&db, "another", second, NOW).await);
    let just_before = NOW + MINUTE - Duration::from_micros(1);
    for holder in [first, second] {
        assert!(!take(&db, "task", holder, NOW).await);
        assert!(!take(&db, "task", holder, just_before).await);
    }
    assert!(take(&db, "task", second, NOW + MINUTE).await);
    assert!(!take(&db, "task", first, NOW + MINUTE).await);
}

async fn a_lease_of_before_the_clock_was_set_back_can_be_taken(db: TestDb) {
    let (first, second) = (id(), id());
    assert!(take(&db, "task", first, NOW + MINUTE * 60).await);
    assert!(!take(&db, "task", second, NOW + MINUTE * 59 + MINUTE / 2).await, "clocks that differ a little");
    assert!(take(&db, "task", second, NOW).await);
    assert!(!take(&db, "task", first, NOW).await);
}
