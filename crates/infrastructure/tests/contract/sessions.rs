use std::time::Duration;

use domain::accounts::{Account, TokenHash};
use domain::sessions::{Agent, Session, SessionId};

use crate::support::{NOW, TestDb, id};

on_every_database!(
    a_session_is_found_by_its_hash_and_its_use_is_written_r236,
    a_session_is_ended_by_its_own_account_alone_r236,
    sessions_that_have_expired_are_left_out_and_purged_r236,
    deleting_an_account_deletes_its_sessions_r23_r236,
);

fn session(account: &Account, secret: u8) -> Session {
    let agent = Agent::of("Mozilla/5.0 (é)");
    Session::begin(SessionId(id()), account, TokenHash([secret; 32]), agent, "2001:db8:0:1/64".to_owned(), NOW)
}

async fn keep(db: &TestDb, sessions: &[&Session]) {
    let mut tx = db.begin().await;
    for session in sessions {
        tx.sessions().insert(session).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn found(db: &TestDb, secret: u8) -> Option<Session> {
    db.database.queries().sessions.by_hash(&TokenHash([secret; 32])).await.unwrap()
}

async fn a_session_is_found_by_its_hash_and_its_use_is_written_r236(db: TestDb) {
    let account = db.add_account("root", None).await;
    let first = session(&account, 1);
    keep(&db, &[&first, &session(&account, 2)]).await;
    assert_eq!(found(&db, 1).await.as_ref(), Some(&first));
    assert_eq!(found(&db, 3).await, None);
    let used = first.used(NOW + Duration::from_mins(7)).unwrap();
    let mut tx = db.begin().await;
    tx.sessions().used(&used).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&db, 1).await, Some(used));
}

async fn a_session_is_ended_by_its_own_account_alone_r236(db: TestDb) {
    let (ann, bob) = (db.add_account("ann", None).await, db.add_account("bob", None).await);
    let (first, second) = (session(&ann, 1), session(&ann, 2));
    keep(&db, &[&first, &second, &session(&bob, 3)]).await;
    let mut tx = db.begin().await;
    assert!(!tx.sessions().end(first.id, bob.id).await.unwrap());
    assert!(tx.sessions().end(first.id, ann.id).await.unwrap());
    assert!(!tx.sessions().end(first.id, ann.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(found(&db, 1).await, None);
    assert_eq!(db.database.queries().sessions.of_account(ann.id, NOW).await.unwrap(), [second]);
}

async fn sessions_that_have_expired_are_left_out_and_purged_r236(db: TestDb) {
    let ann = db.add_account("ann", None).await;
    let (old, new) = (session(&ann, 1), session(&ann, 2));
    let new = Session { expires_at: NOW + Duration::from_hours(13), ..new };
    keep(&db, &[&old, &new]).await;
    let now = NOW + Session::IDLE;
    assert_eq!(db.database.queries().sessions.of_account(ann.id, now).await.unwrap(), std::slice::from_ref(&new));
    let mut tx = db.begin().await;
    assert_eq!(tx.sessions().purge(now + Duration::from_micros(1), 10).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!((found(&db, 1).await, found(&db, 2).await), (None, Some(new)));
}

async fn deleting_an_account_deletes_its_sessions_r23_r236(db: TestDb) {
    let ann = db.add_account("ann", None).await;
    keep(&db, &[&session(&ann, 1)]).await;
    let mut tx = db.begin().await;
    tx.accounts().delete(ann.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&db, 1).await, None);
}
