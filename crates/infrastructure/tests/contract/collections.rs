use std::time::Duration;

use application::collections::{CreateCollection, DeleteCollection, UpdateCollection};
use application::products::DeleteProduct;
use application::{Conflict, Error, Runner};
use domain::attributes::Position;
use domain::collections::{
    Collection, CollectionChange, CollectionDetails, CollectionFilter, CollectionKey, CollectionName, Pins,
};
use domain::products::{Description, ProductId, ProductSort};
use domain::slugs::{Addressee, Slug, SlugKind};
use domain::stock::Stock;
use domain::{StoreError, Uuid};

use crate::support::{NOW, TestDb, at_once, every_page, id, product};

on_every_database!(
    a_collection_is_stored_changed_and_deleted_with_its_pins_and_slugs_r227,
    collections_are_listed_in_order_of_their_positions_r227,
    a_product_that_goes_is_no_pin_any_more_and_one_that_is_gone_becomes_none_r227,
    of_twenty_collections_of_one_name_each_gets_a_slug_of_its_own_r227,
);

fn slug(raw: &str) -> Slug {
    Slug::parse(raw).unwrap()
}

fn details(name: &str, pins: &[ProductId], position: i64) -> CollectionDetails {
    let filter = [("category".to_owned(), "tässen,\"mugs\"".to_owned()), ("attr.size".to_owned(), "1..5".to_owned())];
    CollectionDetails {
        name: CollectionName::parse(name).unwrap(),
        slug: None,
        filter: CollectionFilter::new(filter).ok(),
        pins: Pins::new(pins.to_vec()).unwrap(),
        sort: Some(ProductSort::PriceDescending),
        description: Description::parse("All 🦊\nof them").ok(),
        position: Position::parse(position).unwrap(),
    }
}

async fn create(runner: &Runner, details: CollectionDetails) -> Result<Collection, Error> {
    runner.run(CreateCollection { details, refused: Vec::new() }).await
}

async fn products(db: &TestDb, count: usize) -> Vec<ProductId> {
    let made: Vec<_> = (0..count).map(|n| product(&format!("Cup {n}"), None)).collect();
    let rows: Vec<_> = made.iter().map(|made| (made.clone(), Stock::new(made.id, 1, NOW))).collect();
    db.database.bulk_products(&rows).await.unwrap();
    made.into_iter().map(|made| made.id).collect()
}

async fn get(db: &TestDb, key: &CollectionKey) -> Option<Collection> {
    db.database.queries().collections.get(key).await.unwrap()
}

async fn find(db: &TestDb, raw: &str) -> Option<(Uuid, bool)> {
    let found = db.database.queries().slugs.find(SlugKind::Collection, &slug(raw)).await.unwrap();
    found.map(|Addressee { id, is_current }| (id, is_current))
}

async fn sound(db: &TestDb) {
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn a_collection_is_stored_changed_and_deleted_with_its_pins_and_slugs_r227(db: TestDb) {
    let (runner, products) = (db.runner(), products(&db, 500).await);
    let other = create(&runner, details("Other", &products[..3], 0)).await.unwrap();
    let made = create(&runner, details("Cups & mugs", &products, 5)).await.unwrap();
    assert_eq!(made.slug, slug("cups-mugs"));
    for key in [CollectionKey::Id(made.id), CollectionKey::Slug(slug("cups-mugs"))] {
        assert_eq!(get(&db, &key).await.as_ref(), Some(&made));
    }
    let mut pins = products[..9].to_vec();
    pins.reverse();
    let change = CollectionChange {
        slug: Some(slug("cups")),
        filter: Some(None),
        pins: Pins::new(pins).ok(),
        sort: Some(None),
        description: Some(None),
        ..CollectionChange::default()
    };
    let key = CollectionKey::Slug(slug("cups-mugs"));
    let update = UpdateCollection { key: key.clone(), change, refused: Vec::new(), expected: None };
    let changed = runner.run(update).await.unwrap();
    assert_eq!(get(&db, &CollectionKey::Id(made.id)).await, Some(changed.clone()));
    assert_eq!((changed.filter, changed.pins.products()[0]), (None, products[8]));
    assert_eq!(get(&db, &key).await, None, "an old slug only leads to it");
    assert_eq!(find(&db, "cups-mugs").await, Some((made.id.0, false)));
    let taken = CollectionDetails { slug: Some(slug("cups-mugs")), ..details("Third", &[], 0) };
    let refused = create(&runner, taken).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Duplicate(Collection::UNIQUE_SLUG)))), "{refused:?}");
    sound(&db).await;
    runner.run(DeleteCollection { key: CollectionKey::Id(made.id), expected: None }).await.unwrap();
    assert_eq!(get(&db, &CollectionKey::Id(made.id)).await, None);
    assert_eq!((find(&db, "cups").await, find(&db, "cups-mugs").await), (None, None));
    assert_eq!(get(&db, &CollectionKey::Id(other.id)).await, Some(other));
    sound(&db).await;
}

async fn collections_are_listed_in_order_of_their_positions_r227(db: TestDb) {
    let runner = db.runner();
    for (name, position) in [("a", 3), ("b", 0), ("c", 3), ("d", 0), ("e", 2)] {
        create(&runner, details(name, &[], position)).await.unwrap();
    }
    for limit in [1, 2, 100] {
        let queries = db.database.queries().collections;
        let all = every_page(limit, async |page| queries.list(&page).await.unwrap()).await;
        let names: Vec<_> = all.iter().map(|listed| listed.name.as_str()).collect();
        assert_eq!(names, ["b", "d", "e", "a", "c"]);
        assert_eq!(all[0].sort, Some(ProductSort::PriceDescending));
    }
}

async fn a_product_that_goes_is_no_pin_any_more_and_one_that_is_gone_becomes_none_r227(db: TestDb) {
    let (runner, products) = (db.runner(), products(&db, 3).await);
    let made = create(&runner, details("Cups", &products, 0)).await.unwrap();
    runner.run(DeleteProduct { id: products[1], expected: None }).await.unwrap();
    let after = get(&db, &CollectionKey::Id(made.id)).await.unwrap();
    assert_eq!(after.pins.products(), [products[0], products[2]]);
    let refused = create(&runner, details("Cups", &products, 0)).await;
    assert!(matches!(refused, Err(Error::Invalid(faults)) if faults[0].field == "pins[1]"));
    // The key refuses one that goes meanwhile, and the transaction is run again.
    let unchecked = Collection { id: domain::collections::CollectionId(id()), slug: slug("x"), ..made.clone() };
    let mut tx = db.begin().await;
    let refused = tx.collections().insert(&unchecked).await;
    assert!(matches!(refused, Err(StoreError::Raced(_))), "{refused:?}");
    tx.rollback().await.ok();
    let later = after.changed(
        &CollectionChange { pins: Some(Pins::default()), ..CollectionChange::default() },
        NOW + Duration::from_secs(1),
    );
    let mut tx = db.begin().await;
    tx.collections().update(&later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(get(&db, &CollectionKey::Id(made.id)).await, Some(later));
    sound(&db).await;
}

async fn of_twenty_collections_of_one_name_each_gets_a_slug_of_its_own_r227(db: TestDb) {
    let runner = std::sync::Arc::new(db.runner());
    let made = at_once(20, |_| {
        let runner = runner.clone();
        async move { create(&runner, details("Sale", &[], 0)).await.unwrap().slug }
    });
    let mut slugs: Vec<_> = made.await.iter().map(ToString::to_string).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 20);
    sound(&db).await;
}
