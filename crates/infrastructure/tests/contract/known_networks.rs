use std::time::Duration;

use domain::accounts::{AccountId, Network};

use crate::support::{NOW, TestDb};

on_every_database!(
    an_account_keeps_its_known_networks_until_they_are_purged_r1,
    deleting_an_account_deletes_its_known_networks_r23,
);

fn network(address: &str) -> Network {
    Network::of(address.parse().unwrap())
}

async fn used_from(db: &TestDb, id: AccountId, address: &str, after: Duration) {
    let mut tx = db.begin().await;
    tx.known_networks().remember(id, network(address), NOW + after).await.unwrap();
    tx.commit().await.unwrap();
}

async fn knows(db: &TestDb, id: AccountId, address: &str) -> bool {
    db.database.queries().accounts.knows(id, network(address)).await.unwrap()
}

async fn an_account_keeps_its_known_networks_until_they_are_purged_r1(db: TestDb) {
    let ann = db.add_account("ann", None).await.id;
    used_from(&db, ann, "192.0.2.1", Duration::ZERO).await;
    used_from(&db, ann, "2001:db8::1", Duration::ZERO).await;
    used_from(&db, ann, "192.0.2.1", Duration::from_secs(9)).await;
    assert!(knows(&db, ann, "192.0.2.1").await && knows(&db, ann, "2001:db8::2").await);
    assert!(!knows(&db, ann, "192.0.2.2").await);

    let mut tx = db.begin().await;
    assert_eq!(tx.known_networks().purge(NOW + Duration::from_secs(5), 10).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(knows(&db, ann, "192.0.2.1").await && !knows(&db, ann, "2001:db8::2").await);
}

async fn deleting_an_account_deletes_its_known_networks_r23(db: TestDb) {
    let ann = db.add_account("ann", None).await.id;
    used_from(&db, ann, "192.0.2.1", Duration::ZERO).await;
    let mut tx = db.begin().await;
    tx.accounts().delete(ann).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!knows(&db, ann, "192.0.2.1").await);
}
