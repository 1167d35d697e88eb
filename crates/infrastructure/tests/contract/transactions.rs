use std::time::Duration;

use application::Attempt;
use domain::StoreError;
use domain::accounts::AccountId;
use domain::events::{Event, EventType};
use domain::orders::OrderId;
use tokio::time::sleep;

use crate::support::{NOW, TestDb, customer, id};

on_every_database!(
    committed_changes_are_visible_at_once_r61,
    a_transaction_that_is_dropped_or_rolled_back_writes_nothing_r61,
    a_transaction_with_a_refused_statement_can_only_be_rolled_back_r61,
    at_most_one_of_two_transactions_that_lock_in_opposite_order_loses_a_race_r61,
    an_event_is_committed_with_its_cause_r60,
    a_transaction_of_a_disconnected_caller_releases_its_locks_r61,
);

const CUSTOMERS: &str = "SELECT COUNT(*) FROM customers";

async fn committed_changes_are_visible_at_once_r61(db: TestDb) {
    let customer = db.add_customer("ann@example.com").await;
    let account = db.add_account("ann", Some(customer.id)).await;
    for _ in 0..20 {
        assert!(db.database.queries().accounts.access(account.id, None).await.unwrap().is_some());
    }
}

async fn a_transaction_that_is_dropped_or_rolled_back_writes_nothing_r61(db: TestDb) {
    let mut tx = db.begin().await;
    tx.customers().insert(&customer("ann@example.com")).await.unwrap();
    drop(tx);
    let mut tx = db.begin().await;
    tx.customers().insert(&customer("ann@example.com")).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(db.number(CUSTOMERS).await, 0);
    db.add_customer("ann@example.com").await;
    assert_eq!(db.number(CUSTOMERS).await, 1);
}

async fn a_transaction_with_a_refused_statement_can_only_be_rolled_back_r61(db: TestDb) {
    let mut tx = db.begin().await;
    tx.customers().insert(&customer("ann@example.com")).await.unwrap();
    assert!(tx.customers().insert(&customer("ann@example.com")).await.is_err());
    tx.rollback().await.unwrap();
    assert_eq!(db.number(CUSTOMERS).await, 0);
}

async fn lock_both(db: TestDb, first: AccountId, second: AccountId) -> Result<(), StoreError> {
    let mut tx = db.database.transactions().begin(Attempt::Careful).await?;
    tx.accounts().lock(first).await?;
    sleep(Duration::from_millis(300)).await;
    tx.accounts().lock(second).await?;
    tx.commit().await
}

async fn at_most_one_of_two_transactions_that_lock_in_opposite_order_loses_a_race_r61(db: TestDb) {
    let (a, b) = (db.add_account("ann", None).await.id, db.add_account("bob", None).await.id);
    let (one, other) = tokio::join!(lock_both(db.clone(), a, b), lock_both(db.clone(), b, a));
    let raced = [&one, &other].into_iter().filter(|end| matches!(end, Err(StoreError::Raced(_)))).count();
    let done = [&one, &other].into_iter().filter(|end| end.is_ok()).count();
    // SQLite lets them write one after the other.
    let expected = if db.is_sqlite() { (0, 2) } else { (1, 1) };
    assert_eq!((raced, done), expected, "{one:?} {other:?}");
}

async fn an_event_is_committed_with_its_cause_r60(db: TestDb) {
    let order = OrderId(id());
    let placed = || Event { event_type: EventType::OrderPlaced, stream: order.0, data: Vec::new() };
    let mut tx = db.begin().await;
    tx.outbox().append(id(), placed(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    drop({
        let mut tx = db.begin().await;
        tx.outbox().append(id(), placed(), NOW).await.unwrap();
        tx
    });
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox WHERE topic = 'order.placed'").await, 1);
    assert_eq!(db.execute("DELETE FROM outbox WHERE subject = ?", order.0).await.unwrap(), 1);
}

async fn a_transaction_of_a_disconnected_caller_releases_its_locks_r61(db: TestDb) {
    let account = db.add_account("ann", None).await;
    let other = db.clone();
    let gone = tokio::spawn(async move {
        let mut tx = other.begin().await;
        loop {
            tx.accounts().lock(account.id).await.unwrap();
        }
    });
    sleep(Duration::from_millis(100)).await;
    gone.abort();
    let mut tx = db.begin().await;
    assert_eq!(tx.accounts().lock(account.id).await.unwrap(), Some(account));
}
