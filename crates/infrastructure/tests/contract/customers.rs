use domain::{StoreError, UniqueKey};

use crate::support::{TestDb, customer};

on_every_database!(
    an_email_address_is_taken_regardless_of_case_r14,
    a_name_that_looks_like_a_constraint_is_only_a_name_r14,
);

async fn an_email_address_is_taken_regardless_of_case_r14(db: TestDb) {
    db.add_customer("ann@example.com").await;
    let mut tx = db.begin().await;
    let refused = tx.customers().insert(&customer("ANN@Example.com")).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(UniqueKey::CustomerEmail))), "{refused:?}");
    drop(tx);
    db.add_customer("änn@example.com").await;
    db.add_customer("ann@example.com.au").await;
    assert_eq!(db.number("SELECT COUNT(*) FROM customers").await, 3);
}

async fn a_name_that_looks_like_a_constraint_is_only_a_name_r14(db: TestDb) {
    let email = "products_sku_unique@accounts.username";
    db.add_customer(email).await;
    let mut tx = db.begin().await;
    let refused = tx.customers().insert(&customer(email)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(UniqueKey::CustomerEmail))), "{refused:?}");
}
