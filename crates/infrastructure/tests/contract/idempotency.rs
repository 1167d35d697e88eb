use std::time::{Duration, Instant};

use application::{Attempt, Claim, KeyState, StoredResponse};
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::{StoreError, UtcDateTime, Uuid};
use tokio::time::sleep;

use crate::support::{NOW, TestDb, at_once, claim, id};

on_every_database!(
    a_repeated_claim_gives_the_stored_response_r60,
    a_key_belongs_to_its_account_r60,
    a_claim_that_is_rolled_back_leaves_the_key_new_r60,
    a_claim_waits_for_an_earlier_one_and_gets_its_response_r60,
    a_claim_stops_waiting_after_a_while_r60,
    one_of_many_concurrent_claims_is_new_r60,
    a_key_wrongly_assumed_to_be_new_loses_a_race_r60,
    an_optimistic_claim_stops_waiting_after_a_while_r60,
    a_key_can_be_read_outside_of_a_transaction_after_its_commit_r60,
    a_response_of_version_0_1_is_read_r60,
    an_expired_key_can_be_used_again_r60,
    a_response_needs_a_claim_r60,
    expired_keys_are_purged_in_batches_r60,
);

const DAY: Duration = Duration::from_hours(24);

fn response(content: &[u8]) -> StoredResponse {
    StoredResponse { content: content.to_vec(), personal_to: None }
}

/// Claims and, if the key is new, stores a response, as the runner does.
async fn run(db: &TestDb, claim: &Claim, content: &[u8], now: UtcDateTime) -> Result<KeyState, StoreError> {
    let mut tx = db.database.transactions().begin(Attempt::Careful).await?;
    let state = tx.idempotency().claim(claim, now, now - DAY).await?;
    if state == KeyState::New {
        tx.idempotency().store(claim, &response(content), now).await?;
        tx.commit().await?;
    }
    Ok(state)
}

async fn a_repeated_claim_gives_the_stored_response_r60(db: TestDb) {
    let megabyte: Vec<u8> = (0..1 << 20).map(|byte| u8::try_from(byte % 256).unwrap()).collect();
    for (key, body) in [("k".repeat(255), &megabyte[..]), ("!~".to_owned(), b"")] {
        let account = Some(AccountId(id()));
        let claim = claim(account, &key, 1);
        assert_eq!(run(&db, &claim, body, NOW).await.unwrap(), KeyState::New);
        let before = KeyState::Used(claim.fingerprint, response(body));
        assert_eq!(run(&db, &claim, b"another", NOW).await.unwrap(), before);
        let other = self::claim(account, &key, 2);
        assert_eq!(run(&db, &other, b"another", NOW).await.unwrap(), before, "with the fingerprint of the first");
    }
}

async fn a_key_belongs_to_its_account_r60(db: TestDb) {
    for account in [Some(AccountId(id())), Some(AccountId(id())), None] {
        assert_eq!(run(&db, &claim(account, "key", 1), b"1", NOW).await.unwrap(), KeyState::New);
    }
    for other in ["Key", "key1", "KEY"] {
        assert_eq!(run(&db, &claim(None, other, 1), b"1", NOW).await.unwrap(), KeyState::New, "{other}");
    }
    assert!(matches!(run(&db, &claim(None, "key", 1), b"1", NOW).await.unwrap(), KeyState::Used(..)));
}

async fn a_claim_that_is_rolled_back_leaves_the_key_new_r60(db: TestDb) {
    let claim = claim(None, "key", 1);
    let mut tx = db.begin().await;
    assert_eq!(tx.idempotency().claim(&claim, NOW, NOW - DAY).await.unwrap(), KeyState::New);
    tx.idempotency().store(&claim, &response(b"1"), NOW).await.unwrap();
    drop(tx);
    assert_eq!(run(&db, &claim, b"2", NOW).await.unwrap(), KeyState::New);
}

async fn a_claim_waits_for_an_earlier_one_and_gets_its_response_r60(db: TestDb) {
    let claim = claim(None, "key", 1);
    let mut tx = db.begin().await;
    assert_eq!(tx.idempotency().claim(&claim, NOW, NOW - DAY).await.unwrap(), KeyState::New);
    let (other, again) = (db.clone(), claim.clone());
    let second = tokio::spawn(async move { run(&other, &again, b"2", NOW).await });
    sleep(Duration::from_millis(300)).await;
    tx.idempotency().store(&claim, &response(b"1"), NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(second.await.unwrap().unwrap(), KeyState::Used(claim.fingerprint, response(b"1")));
}

async fn a_claim_stops_waiting_after_a_while_r60(db: TestDb) {
    let claim = claim(None, "key", 1);
    let mut tx = db.begin().await;
    assert_eq!(tx.idempotency().claim(&claim, NOW, NOW - DAY).await.unwrap(), KeyState::New);
    let start = Instant::now();
    let second = run(&db, &claim, b"2", NOW).await;
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    if db.is_sqlite() {
        // Here only one transaction writes at a time, whatever it writes.
        assert!(matches!(second, Err(StoreError::Unavailable(_))), "{second:?}");
    } else {
        assert_eq!(second.unwrap(), KeyState::Running);
    }
    tx.idempotency().store(&claim, &response(b"1"), NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(run(&db, &claim, b"2", NOW).await.unwrap(), KeyState::Used(claim.fingerprint, response(b"1")));
}

async fn one_of_many_concurrent_claims_is_new_r60(db: TestDb) {
    let outcomes = at_once(20, |_| {
        let db = db.clone();
        async move {
            let claim = claim(None, "key", 1);
            loop {
                match run(&db, &claim, b"1", NOW).await {
                    // The runner tries again, and so do we.
                    Err(StoreError::Raced(_)) => {}
                    result => return result.unwrap(),
                }
            }
        }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == KeyState::New).count(), 1);
    let before = KeyState::Used(claim(None, "key", 1).fingerprint, response(b"1"));
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == before).count(), 19);
}

async fn a_key_wrongly_assumed_to_be_new_loses_a_race_r60(db: TestDb) {
    let (first, customer_id) = (claim(None, "key", 1), CustomerId(id()));
    for is_new in [true, false] {
        let mut tx = db.begin_optimistic().await;
        tx.carts().lock_and_bump(customer_id, NOW).await.unwrap();
        assert_eq!(tx.idempotency().claim(&first, NOW, NOW - DAY).await.unwrap(), KeyState::New);
        tx.idempotency().store(&first, &response(b"1"), NOW).await.unwrap();
        let kept = tx.commit().await;
        assert!(if is_new { kept.is_ok() } else { matches!(kept, Err(StoreError::Raced(_))) }, "{kept:?}");
    }
    assert_eq!(db.number("SELECT version FROM carts").await, 1, "nothing of the second was kept");
    assert_eq!(run(&db, &first, b"2", NOW).await.unwrap(), KeyState::Used(first.fingerprint, response(b"1")));
    // The same if another statement follows.
    let mut tx = db.begin_optimistic().await;
    tx.idempotency().store(&first, &response(b"2"), NOW).await.unwrap();
    let next = tx.carts().lock_and_bump(customer_id, NOW).await;
    assert!(matches!(next, Err(StoreError::Raced(_))), "{next:?}");
}

async fn an_optimistic_claim_stops_waiting_after_a_while_r60(db: TestDb) {
    if db.is_sqlite() {
        return; // One transaction at a time.
    }
    let first = claim(None, "key", 1);
    let mut tx = db.begin().await;
    assert_eq!(tx.idempotency().claim(&first, NOW, NOW - DAY).await.unwrap(), KeyState::New);
    let mut second = db.begin_optimistic().await;
    second.idempotency().store(&first, &response(b"2"), NOW).await.unwrap();
    let kept = second.commit().await;
    assert!(matches!(kept, Err(StoreError::Raced(_))), "{kept:?}");
}

async fn a_key_can_be_read_outside_of_a_transaction_after_its_commit_r60(db: TestDb) {
    let (claim, keys) = (claim(None, "key", 1), db.database.queries().idempotency);
    let mut tx = db.begin().await;
    assert_eq!(tx.idempotency().claim(&claim, NOW, NOW - DAY).await.unwrap(), KeyState::New);
    tx.idempotency().store(&claim, &response(b"1"), NOW).await.unwrap();
    assert_eq!(keys.find(&claim, NOW - DAY).await.unwrap(), KeyState::New, "it is not committed");
    tx.commit().await.unwrap();
    let used = KeyState::Used(claim.fingerprint, response(b"1"));
    assert_eq!(keys.find(&claim, NOW - DAY).await.unwrap(), used);
    assert_eq!(keys.find(&claim, NOW + Duration::from_micros(1)).await.unwrap(), KeyState::New, "it is expired");
}

async fn a_response_of_version_0_1_is_read_r60(db: TestDb) {
    let claim = claim(None, "key", 1);
    run(&db, &claim, b"", NOW).await.unwrap();
    let old =
        "UPDATE idempotency_keys SET response = NULL, status = 201, location = '/here', etag = '\"1\"', body = x'616C6C'
        WHERE account_id = ?";
    db.execute(old, Uuid::nil()).await.unwrap();
    let expected = KeyState::Used(
        claim.fingerprint,
        response(b"{\"etag\":\"\\\"1\\\"\",\"location\":\"/here\",\"status\":201}\nall"),
    );
    assert_eq!(db.database.queries().idempotency.find(&claim, NOW - DAY).await.unwrap(), expected);
}

async fn an_expired_key_can_be_used_again_r60(db: TestDb) {
    let (first, second) = (claim(None, "key", 1), claim(None, "key", 2));
    assert_eq!(run(&db, &first, b"1", NOW).await.unwrap(), KeyState::New);
    let last_moment = NOW + DAY;
    assert!(matches!(run(&db, &first, b"1", last_moment).await.unwrap(), KeyState::Used(..)));
    let later = last_moment + Duration::from_micros(1);
    let mut tx = db.begin().await;
    assert_eq!(tx.idempotency().claim(&second, later, later - DAY).await.unwrap(), KeyState::New);
    assert_eq!(
        tx.idempotency().claim(&second, later, later - DAY).await.unwrap(),
        KeyState::Running,
        "the old answer is gone"
    );
    tx.idempotency().store(&second, &response(b"2"), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let before = KeyState::Used(second.fingerprint, response(b"2"));
    assert_eq!(run(&db, &second, b"3", later).await.unwrap(), before);
}

async fn a_response_needs_a_claim_r60(db: TestDb) {
    let refused = db.begin().await.idempotency().store(&claim(None, "key", 1), &response(b"1"), NOW).await;
    assert!(matches!(refused, Err(StoreError::Internal(_))), "{refused:?}");
}

async fn expired_keys_are_purged_in_batches_r60(db: TestDb) {
    for hour in 0..5 {
        let claim = claim(None, &format!("key-{hour}"), 1);
        run(&db, &claim, b"1", NOW + Duration::from_hours(hour)).await.unwrap();
    }
    let mut tx = db.begin().await;
    let before = NOW + Duration::from_hours(3);
    assert_eq!(tx.idempotency().purge(before, 2).await.unwrap(), 2);
    assert_eq!(tx.idempotency().purge(before, 2).await.unwrap(), 1);
    assert_eq!(tx.idempotency().purge(before, 2).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let again = run(&db, &claim(None, "key-0", 2), b"2", NOW).await.unwrap();
    assert_eq!(again, KeyState::New, "a forgotten key can be used anew");
    let kept = run(&db, &claim(None, "key-3", 1), b"2", before).await.unwrap();
    assert!(matches!(kept, KeyState::Used(..)));
}
