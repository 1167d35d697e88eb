use domain::customers::{CustomerChange, Exemption};
use domain::{PricingSnapshot, Quantity, StoreError};

use crate::support::{NOW, TestDb, at_once};

on_every_database!(
    each_change_of_pricing_raises_its_version_by_1_r108,
    lines_of_a_purchase_come_with_what_their_prices_depend_on_r108_r118,
);

/// Raises the version, again if the race was lost, as the runner does.
async fn raise(db: &TestDb) -> i64 {
    loop {
        let mut tx = db.begin().await;
        match tx.pricing().raise_version().await {
            Ok(version) => {
                tx.commit().await.unwrap();
                return version;
            }
            Err(StoreError::Raced(_)) => tx.rollback().await.unwrap(),
            Err(error) => panic!("{error:?}"),
        }
    }
}

async fn each_change_of_pricing_raises_its_version_by_1_r108(db: TestDb) {
    let mut tx = db.begin().await;
    assert_eq!(tx.pricing().raise_version().await.unwrap(), 1);
    tx.rollback().await.unwrap();
    let mut versions = at_once(10, |_| {
        let db = db.clone();
        async move { raise(&db).await }
    })
    .await;
    versions.sort_unstable();
    assert!(versions.into_iter().eq(1..=10));
}

async fn lines_of_a_purchase_come_with_what_their_prices_depend_on_r108_r118(db: TestDb) {
    let (ann, product) = (db.add_customer("ann@example.com").await, db.add_product("First", 3).await);
    raise(&db).await;
    let change = CustomerChange { tax_exempt: Some(Some(Exemption::Export)), ..CustomerChange::default() };
    let mut tx = db.begin().await;
    tx.customers().lock(ann.id).await.unwrap();
    tx.customers().update(&ann.changed(&change, NOW)).await.unwrap();
    tx.carts().lock_and_bump(ann.id, NOW).await.unwrap();
    tx.carts().put(ann.id, product.id, Quantity::parse(1).unwrap()).await.unwrap();
    tx.commit().await.unwrap();

    let snapshot = PricingSnapshot { version: 1, exemption: Some(Exemption::Export) };
    let mut tx = db.begin().await;
    let (_, named) = tx.products().offers_to(ann.id, &[product.id]).await.unwrap().unwrap();
    let quoted = db.database.queries().carts.lines(ann.id).await.unwrap();
    let (lines, taken) = tx.carts().take(ann.id, NOW).await.unwrap();
    assert_eq!((lines.len(), named, taken), (1, snapshot, snapshot));
    assert_eq!(quoted, (lines, taken), "a quote reads the same, and leaves the cart as it is");
}
