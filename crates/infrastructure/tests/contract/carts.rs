use std::time::Duration;

use domain::carts::{Cart, Line};
use domain::customers::CustomerId;
use domain::products::{Offer, ProductId, ProductStatus};
use domain::{Quantity, StoreError, Version};

use crate::support::{NOW, TestDb, at_once, id, offer};

on_every_database!(
    an_unused_cart_is_empty_at_version_0_r50,
    a_cart_has_its_lines_in_order_of_product_with_current_offers_r50,
    each_change_raises_the_version_by_one_r50,
    concurrent_changes_each_get_their_own_version_r51,
    a_quantity_can_be_replaced_and_a_product_removed_r52,
    emptying_a_cart_leaves_others_alone_r54,
    one_of_many_concurrent_orders_takes_the_lines_of_a_cart_r60_r61,
    a_line_needs_a_cart_and_a_quantity_in_bounds_r51,
    erasing_a_customer_deletes_its_cart_with_its_lines_r13,
    old_empty_carts_are_purged_r54,
);

fn customer() -> CustomerId {
    CustomerId(id())
}

fn units(quantity: i64) -> Quantity {
    Quantity::parse(quantity).unwrap()
}

async fn put(db: &TestDb, customer: CustomerId, product: ProductId, quantity: i64) -> Version {
    let mut tx = db.begin().await;
    let version = tx.carts().lock_and_bump(customer, NOW).await.unwrap().version;
    tx.carts().put(customer, product, units(quantity)).await.unwrap();
    tx.commit().await.unwrap();
    version
}

async fn an_unused_cart_is_empty_at_version_0_r50(db: TestDb) {
    let customer_id = customer();
    let empty = Cart { customer_id, lines: vec![], updated_at: None, version: Version(0) };
    assert_eq!(db.database.queries().carts.get(customer_id).await.unwrap(), empty);
    let first = Cart { updated_at: Some(NOW), version: Version(1), ..empty };
    assert_eq!(db.begin().await.carts().lock_and_bump(customer_id, NOW).await.unwrap(), first);
}

async fn a_cart_has_its_lines_in_order_of_product_with_current_offers_r50(db: TestDb) {
    let customer_id = customer();
    let (first, second) = (db.add_product("First", 3).await, db.add_product("Second", 0).await);
    let gone = ProductId(id());
    db.archive(second.id).await;
    for product in [second.id, gone, first.id] {
        put(&db, customer_id, product, 2).await;
    }
    let archived = Offer { status: ProductStatus::Archived, ..offer(&second, 0) };
    let line = |product_id, offer| Line { product_id, quantity: units(2), offer };
    let lines = vec![line(first.id, Some(offer(&first, 3))), line(second.id, Some(archived)), line(gone, None)];
    let cart = Cart { customer_id, lines, updated_at: Some(NOW), version: Version(3) };
    assert_eq!(db.database.queries().carts.get(customer_id).await.unwrap(), cart);
    let later = NOW + Duration::from_secs(1);
    let touched = Cart { updated_at: Some(later), version: Version(4), ..cart };
    assert_eq!(db.begin().await.carts().lock_and_bump(customer_id, later).await.unwrap(), touched);
    for (product, offered) in [(first.id, Some(offer(&first, 3))), (gone, None)] {
        let both = db.begin().await.carts().lock_and_bump_with_offer(customer_id, product, later).await.unwrap();
        assert_eq!(both, (touched.clone(), offered));
    }
}

async fn each_change_raises_the_version_by_one_r50(db: TestDb) {
    let customer_id = customer();
    let mut tx = db.begin().await;
    assert_eq!(tx.carts().lock_and_bump(customer_id, NOW).await.unwrap().version, Version(1));
    let later = NOW + Duration::from_secs(1);
    assert_eq!(tx.carts().lock_and_bump(customer_id, later).await.unwrap().version, Version(2));
    tx.commit().await.unwrap();
    let cart = db.database.queries().carts.get(customer_id).await.unwrap();
    assert_eq!(cart, Cart { customer_id, lines: vec![], updated_at: Some(later), version: Version(2) });
}

async fn concurrent_changes_each_get_their_own_version_r51(db: TestDb) {
    let customer_id = customer();
    // The cart is there, so that no two inserts meet in the same gap, which only a retry would settle.
    put(&db, customer_id, ProductId(id()), 1).await;
    let mut versions = at_once(20, |_| {
        let db = db.clone();
        async move { put(&db, customer_id, ProductId(id()), 1).await.0 }
    })
    .await;
    versions.sort_unstable();
    assert_eq!(versions, (2..22).collect::<Vec<_>>());
    assert_eq!(db.database.queries().carts.get(customer_id).await.unwrap().lines.len(), 21);
}

async fn a_quantity_can_be_replaced_and_a_product_removed_r52(db: TestDb) {
    let (customer_id, product) = (customer(), db.add_product("Teapot", 3).await);
    put(&db, customer_id, product.id, 1).await;
    put(&db, customer_id, product.id, 999).await;
    let mut tx = db.begin().await;
    let line = Line { product_id: product.id, quantity: units(999), offer: Some(offer(&product, 3)) };
    assert_eq!(tx.carts().lock_and_bump(customer_id, NOW).await.unwrap().lines, [line]);
    assert!(tx.carts().remove(customer_id, product.id).await.unwrap());
    assert!(!tx.carts().remove(customer_id, product.id).await.unwrap());
    assert_eq!(tx.carts().lock_and_bump(customer_id, NOW).await.unwrap().lines, []);
}

async fn emptying_a_cart_leaves_others_alone_r54(db: TestDb) {
    let (mine, yours, product) = (customer(), customer(), ProductId(id()));
    put(&db, mine, product, 1).await;
    put(&db, yours, product, 1).await;
    let mut tx = db.begin().await;
    tx.carts().clear(mine).await.unwrap();
    tx.commit().await.unwrap();
    let carts = db.database.queries().carts;
    assert!(carts.get(mine).await.unwrap().lines.is_empty());
    assert_eq!(carts.get(yours).await.unwrap().lines.len(), 1);
}

async fn one_of_many_concurrent_orders_takes_the_lines_of_a_cart_r60_r61(db: TestDb) {
    let (customer_id, first, gone) = (customer(), db.add_product("First", 3).await, ProductId(id()));
    for product in [gone, first.id] {
        put(&db, customer_id, product, 2).await;
    }
    let later = NOW + Duration::from_secs(1);
    let mut taken = at_once(10, |_| {
        let db = db.clone();
        async move {
            let mut tx = db.begin().await;
            let (lines, _) = tx.carts().take(customer_id, later).await.unwrap();
            tx.commit().await.unwrap();
            lines
        }
    })
    .await;
    taken.retain(|lines| !lines.is_empty());
    let line = |product_id, offer| Line { product_id, quantity: units(2), offer };
    assert_eq!(taken, [[line(first.id, Some(offer(&first, 3))), line(gone, None)]]);
    let cart = Cart { customer_id, lines: vec![], updated_at: Some(later), version: Version(12) };
    assert_eq!(db.database.queries().carts.get(customer_id).await.unwrap(), cart);
    assert_eq!(db.begin().await.carts().take(customer(), later).await.unwrap().0, []);
}

async fn a_line_needs_a_cart_and_a_quantity_in_bounds_r51(db: TestDb) {
    let mut tx = db.begin().await;
    tx.carts().put(customer(), ProductId(id()), units(1)).await.unwrap();
    let refused = tx.commit().await;
    assert!(matches!(refused, Err(StoreError::Internal(_))), "{refused:?}");
    let customer_id = customer();
    put(&db, customer_id, ProductId(id()), 1).await;
    for quantity in [0, 1000] {
        let sql = format!("UPDATE cart_items SET quantity = {quantity} WHERE customer_id = ?");
        assert!(db.execute(&sql, customer_id.0).await.is_err(), "{quantity}");
    }
}

async fn erasing_a_customer_deletes_its_cart_with_its_lines_r13(db: TestDb) {
    let (mine, yours, product) = (customer(), customer(), ProductId(id()));
    put(&db, mine, product, 1).await;
    put(&db, yours, product, 1).await;
    db.erase(mine, None, NOW).await;
    db.erase(customer(), None, NOW).await;
    assert_eq!(db.database.queries().carts.get(mine).await.unwrap().version, Version(0));
    assert_eq!(db.database.queries().carts.get(yours).await.unwrap().lines.len(), 1);
}

async fn old_empty_carts_are_purged_r54(db: TestDb) {
    let (full, fresh) = (customer(), customer());
    put(&db, full, ProductId(id()), 1).await;
    let mut tx = db.begin().await;
    for _ in 0..3 {
        tx.carts().lock_and_bump(customer(), NOW).await.unwrap();
    }
    let later = NOW + Duration::from_secs(1);
    tx.carts().lock_and_bump(fresh, later).await.unwrap();
    tx.commit().await.unwrap();
    let carts = db.database.queries().carts;
    let found = carts.unchanged(later, None, 9).await.unwrap();
    assert_eq!(found.iter().filter(|cart| cart.is_empty).count(), 3);
    assert!(found.iter().any(|cart| cart.age.customer_id == full && !cart.is_empty));
    assert_eq!(found.len(), 4, "the youngest is not among them");
    let (first, rest) = found.split_at(2);
    assert_eq!(carts.unchanged(later, None, 2).await.unwrap(), first);
    assert_eq!(carts.unchanged(later, Some(first[1].age), 9).await.unwrap(), rest);
    assert_eq!(carts.unchanged(later, Some(rest[1].age), 9).await.unwrap(), []);
    let all: Vec<_> = found.iter().map(|cart| cart.age.customer_id).chain([fresh]).collect();
    let mut tx = db.begin().await;
    assert_eq!(tx.carts().purge(&[], later).await.unwrap(), 0);
    assert_eq!(tx.carts().purge(&all, later).await.unwrap(), 3);
    assert_eq!(tx.carts().purge(&all, later).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let version = async |customer| db.database.queries().carts.get(customer).await.unwrap().version;
    assert_eq!((version(full).await, version(fresh).await), (Version(1), Version(1)));
}
