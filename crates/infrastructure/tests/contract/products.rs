use domain::products::{Description, Offer, ProductFilter, ProductId, ProductSort, ProductStatus};
use domain::{Price, StoreError, UniqueKey};

use crate::support::{TestDb, every_page, first, id, offer, product};

on_every_database!(
    a_product_comes_back_as_it_went_r30,
    a_description_of_10000_characters_of_four_bytes_is_kept_whole_r35,
    a_sku_is_taken_once_and_minds_case_r35,
    a_product_is_in_stock_while_one_is_on_hand_r31,
    an_archived_product_is_not_there_for_customers_r31,
    pages_of_products_have_no_gap_and_no_repeat_r31,
    offers_come_in_order_of_id_and_leave_out_what_is_not_there_r60,
);

const ALL: ProductFilter =
    ProductFilter { search: None, status: None, min_price: None, max_price: None, in_stock: None };
const ACTIVE: ProductFilter = ProductFilter { status: Some(ProductStatus::Active), ..ALL };

async fn a_product_comes_back_as_it_went_r30(db: TestDb) {
    for (name, price) in [("Teapot \u{1fad6}", 0), ("O'Hara \\ \"x\" % _", Price::MAX)] {
        let mut product = product(name, Some(name));
        product.price = Price::parse(price).unwrap();
        product.description = Some(Description::parse("a\n\tb").unwrap());
        let mut tx = db.begin().await;
        tx.products().insert(&product).await.unwrap();
        tx.commit().await.unwrap();
        let found = db.database.products().get(product.id, None).await.unwrap().unwrap();
        assert_eq!(found.product, product);
    }
    assert_eq!(db.database.products().get(ProductId(id()), None).await.unwrap(), None);
}

async fn a_description_of_10000_characters_of_four_bytes_is_kept_whole_r35(db: TestDb) {
    let mut product = product("Teapot", None);
    product.description = Some(Description::parse(&"🫖".repeat(Description::MAX)).unwrap());
    let mut tx = db.begin().await;
    tx.products().insert(&product).await.unwrap();
    tx.commit().await.unwrap();
    let found = db.database.products().get(product.id, None).await.unwrap().unwrap();
    assert_eq!(found.product, product);
}

async fn a_sku_is_taken_once_and_minds_case_r35(db: TestDb) {
    let mut tx = db.begin().await;
    for sku in [Some("tea-1"), Some("TEA-1"), Some("téa-1"), Some("ＴＥＡ-1"), None, None] {
        tx.products().insert(&product("Teapot", sku)).await.unwrap();
    }
    let refused = tx.products().insert(&product("Another", Some("tea-1"))).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(UniqueKey::ProductSku))), "{refused:?}");
}

async fn a_product_is_in_stock_while_one_is_on_hand_r31(db: TestDb) {
    let (none, one) = (db.add_product("None", 0).await, db.add_product("One", 1).await);
    let products = db.database.products();
    assert!(!products.get(none.id, None).await.unwrap().unwrap().in_stock);
    assert!(products.get(one.id, None).await.unwrap().unwrap().in_stock);
    let page = products.list(&ALL, ProductSort::CreatedAt, &first(20)).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.in_stock).collect::<Vec<_>>(), [false, true]);
}

async fn an_archived_product_is_not_there_for_customers_r31(db: TestDb) {
    let (old, new) = (db.add_product("Old", 1).await, db.add_product("New", 1).await);
    db.archive(old.id).await;
    let products = db.database.products();
    assert_eq!(products.get(old.id, Some(ProductStatus::Active)).await.unwrap(), None);
    assert!(products.get(old.id, None).await.unwrap().is_some());
    let page = products.list(&ACTIVE, ProductSort::CreatedAt, &first(20)).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.product.id).collect::<Vec<_>>(), [new.id]);
    let archived = ProductFilter { status: Some(ProductStatus::Archived), ..ALL };
    let page = products.list(&archived, ProductSort::CreatedAt, &first(20)).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.product.id).collect::<Vec<_>>(), [old.id]);
}

async fn pages_of_products_have_no_gap_and_no_repeat_r31(db: TestDb) {
    let mut ids = Vec::new();
    for index in 0..7 {
        ids.push(db.add_product(&format!("Product {index}"), 1).await.id);
    }
    for limit in [1, 3, 7, 100] {
        let products = db.database.products();
        let read = async |page| products.list(&ALL, ProductSort::CreatedAt, &page).await.unwrap();
        let found: Vec<_> = every_page(limit, read).await.iter().map(|view| view.product.id).collect();
        assert_eq!(found, ids, "in pages of {limit}");
    }
}

async fn offers_come_in_order_of_id_and_leave_out_what_is_not_there_r60(db: TestDb) {
    let (first, second) = (db.add_product("First", 3).await, db.add_product("Second", 0).await);
    db.archive(second.id).await;
    let mut tx = db.begin().await;
    let offers = tx.products().offers(&[second.id, ProductId(id()), first.id]).await.unwrap();
    let archived = Offer { status: ProductStatus::Archived, ..offer(&second, 0) };
    assert_eq!(offers, [offer(&first, 3), archived]);
    assert_eq!(tx.products().offers(&[]).await.unwrap(), []);
}
