use std::time::Duration;

use domain::tax_classes::{TaxClass, TaxClassCode, TaxClassDetails, TaxClassId, TaxClassName};
use domain::{PageRequest, StoreError, Version};

use crate::support::{NOW, TestDb, every_page, id};

on_every_database!(
    the_standard_tax_class_is_there_from_the_start_r103,
    a_tax_class_can_be_locked_renamed_and_deleted_r103,
    the_code_of_a_tax_class_is_unique_r103,
    tax_classes_are_listed_standard_first_and_then_the_oldest_r103,
);

fn class(code: &str) -> TaxClass {
    let (code, name) = (TaxClassCode::parse(code).unwrap(), TaxClassName::parse("Lebensmittel 🥕").unwrap());
    TaxClass::new(TaxClassId(id()), TaxClassDetails { code, name }, NOW)
}

async fn add(db: &TestDb, code: &str) -> TaxClass {
    let class = class(code);
    let mut tx = db.begin().await;
    tx.tax_classes().insert(&class).await.unwrap();
    tx.commit().await.unwrap();
    class
}

async fn the_standard_tax_class_is_there_from_the_start_r103(db: TestDb) {
    let all = db.database.queries().tax_classes.list(&PageRequest::default()).await.unwrap();
    let [standard] = &all.items[..] else { panic!("{all:?}") };
    assert!(standard.is_standard());
    assert_eq!((standard.name.as_str(), standard.version), ("Standard", Version::FIRST));
    // By the clock of the database.
    assert!(standard.created_at > NOW && standard.created_at == standard.updated_at);
    let mut tx = db.begin().await;
    assert!(tx.tax_classes().has(&TaxClassCode::default()).await.unwrap());
    assert!(!tx.tax_classes().has(&TaxClassCode::parse("Standard").unwrap()).await.unwrap());
}

async fn a_tax_class_can_be_locked_renamed_and_deleted_r103(db: TestDb) {
    let classes = db.database.queries().tax_classes;
    let food = add(&db, "food").await;
    assert_eq!(classes.get(food.id).await.unwrap().as_ref(), Some(&food));
    let renamed = food.renamed(TaxClassName::parse("Food").ok().as_ref(), NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.tax_classes().lock(food.id).await.unwrap().as_ref(), Some(&food));
    tx.tax_classes().update(&renamed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(classes.get(food.id).await.unwrap().as_ref(), Some(&renamed));
    let mut tx = db.begin().await;
    tx.tax_classes().delete(food.id).await.unwrap();
    assert_eq!(tx.tax_classes().lock(food.id).await.unwrap(), None);
    assert!(!tx.tax_classes().has(&food.code).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(classes.get(food.id).await.unwrap(), None);
}

async fn the_code_of_a_tax_class_is_unique_r103(db: TestDb) {
    add(&db, "food").await;
    for taken in ["food", "standard"] {
        let mut tx = db.begin().await;
        let refused = tx.tax_classes().insert(&class(taken)).await;
        assert!(matches!(refused, Err(StoreError::Duplicate(TaxClass::UNIQUE_CODE))), "{refused:?}");
    }
    // Case counts.
    add(&db, "Food").await;
}

async fn tax_classes_are_listed_standard_first_and_then_the_oldest_r103(db: TestDb) {
    for code in ["b", "a", "c"] {
        add(&db, code).await;
    }
    let classes = db.database.queries().tax_classes;
    for limit in [1, 3, 100] {
        let all = every_page(limit, async |page| classes.list(&page).await.unwrap()).await;
        let codes: Vec<_> = all.iter().map(|class| class.code.as_str()).collect();
        assert_eq!(codes, ["standard", "b", "a", "c"], "in pages of {limit}");
    }
}
