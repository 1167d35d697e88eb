use std::time::Duration;

use domain::StoreError;
use domain::customers::{Customer, CustomerChange, CustomerFilter, CustomerName, EmailAddress};

use crate::support::{NOW, TestDb, customer, every_page};

on_every_database!(
    an_email_address_is_unique_regardless_of_case_r14,
    a_name_that_looks_like_a_constraint_is_stored_as_a_name_r14,
    a_customer_can_be_locked_changed_and_deleted_r12_r13,
    a_changed_email_address_is_unique_regardless_of_case_r12_r14,
    customers_are_listed_oldest_first_without_gap_or_repetition_r11,
);

async fn an_email_address_is_unique_regardless_of_case_r14(db: TestDb) {
    db.add_customer("ann@example.com").await;
    let mut tx = db.begin().await;
    let refused = tx.customers().insert(&customer("ANN@Example.com")).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
    drop(tx);
    db.add_customer("änn@example.com").await;
    db.add_customer("ann@example.com.au").await;
    assert_eq!(db.number("SELECT COUNT(*) FROM customers").await, 3);
}

async fn a_name_that_looks_like_a_constraint_is_stored_as_a_name_r14(db: TestDb) {
    let email = "products_sku_unique@accounts.username";
    db.add_customer(email).await;
    let mut tx = db.begin().await;
    let refused = tx.customers().insert(&customer(email)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
}

async fn a_customer_can_be_locked_changed_and_deleted_r12_r13(db: TestDb) {
    let ann = db.add_customer("ann@example.com").await;
    assert_eq!(db.database.queries().customers.get(ann.id).await.unwrap().as_ref(), Some(&ann));
    let change = CustomerChange { name: CustomerName::parse("Änn").ok(), ..CustomerChange::default() };
    let changed = ann.changed(&change, NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.customers().lock(ann.id).await.unwrap().as_ref(), Some(&ann));
    tx.customers().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().customers.get(ann.id).await.unwrap(), Some(changed));
    let mut tx = db.begin().await;
    tx.customers().delete(ann.id).await.unwrap();
    assert_eq!(tx.customers().lock(ann.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().customers.get(ann.id).await.unwrap(), None);
}

async fn a_changed_email_address_is_unique_regardless_of_case_r12_r14(db: TestDb) {
    let (ann, bob) = (db.add_customer("ann@example.com").await, db.add_customer("bob@example.com").await);
    let to = |email| CustomerChange { email: EmailAddress::parse(email).ok(), ..CustomerChange::default() };
    let mut tx = db.begin().await;
    tx.customers().update(&bob.changed(&to("BOB@example.com"), NOW)).await.unwrap();
    let refused = tx.customers().update(&ann.changed(&to("Bob@Example.com"), NOW)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
}

async fn customers_are_listed_oldest_first_without_gap_or_repetition_r11(db: TestDb) {
    let mut all = Vec::new();
    for index in 0..7 {
        all.push(db.add_customer(&format!("ann{index}@example.com")).await);
    }
    let customers = db.database.queries().customers;
    for limit in [1, 3, 7, 100] {
        let read = async |page| customers.list(&CustomerFilter::default(), &page).await.unwrap();
        assert_eq!(every_page(limit, read).await, all, "in pages of {limit}");
    }
}
