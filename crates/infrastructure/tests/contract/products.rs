use std::time::Duration;

use domain::customers::CustomerId;
use domain::products::{
    Description, Offer, Product, ProductChange, ProductFilter, ProductId, ProductName, ProductSort, ProductStatus, Sku,
    TaxAndShippingChange,
};
use domain::restocks::{Restock, RestockId};
use domain::stock::Stock;
use domain::tax_classes::TaxClassCode;
use domain::{Grams, Price, PricingSnapshot, Quantity, SearchText, StoreError, sort_key};

use crate::support::{NOW, TestDb, every_page, first, id, offer, product};

on_every_database!(
    a_product_is_read_as_it_was_stored_r30,
    a_description_of_10000_four_byte_characters_is_stored_unchanged_r35,
    a_sku_is_unique_and_case_sensitive_r35,
    products_are_found_by_their_skus_as_they_are_written_r232,
    a_product_is_in_stock_while_one_is_on_hand_r31,
    customers_do_not_see_an_archived_product_r31,
    pages_of_products_have_no_gap_and_no_repetition_r31,
    offers_are_in_order_of_id_and_skip_unknown_products_r60,
    offers_to_a_customer_keep_the_customer_from_being_deleted_r13_r60,
    a_product_can_be_locked_and_changed_and_its_sku_stays_unique_r33,
    deleting_a_product_deletes_its_stock_movements_and_restocks_but_no_line_of_a_cart_r34,
    every_sort_order_has_no_gap_and_no_repetition_among_equal_values_r31,
    a_list_has_the_products_that_match_its_filter_r31,
);

static ALL: ProductFilter = filter(None);
static ACTIVE: ProductFilter = filter(Some(ProductStatus::Active));

const fn filter(status: Option<ProductStatus>) -> ProductFilter {
    ProductFilter {
        search: None,
        status,
        min_price: None,
        max_price: None,
        in_stock: None,
        skus: Vec::new(),
        barcodes: Vec::new(),
        on_sale: None,
        updated_after: None,
        attributes: Vec::new(),
        is_collapsed: false,
        collection: None,
    }
}

async fn a_product_is_read_as_it_was_stored_r30(db: TestDb) {
    for (name, price) in [("Teapot \u{1fad6}", 0), ("O'Hara \\ \"x\" % _", Price::MAX)] {
        let mut product = product(name, Some(name));
        product.price = Price::parse(price).unwrap();
        product.description = Some(Description::parse("a\n\tb").unwrap());
        let mut tx = db.begin().await;
        tx.products().insert(&product).await.unwrap();
        tx.commit().await.unwrap();
        let found = db.database.queries().products.get(product.id, None).await.unwrap().unwrap();
        assert_eq!(found.product, product);
    }
    assert_eq!(db.database.queries().products.get(ProductId(id()), None).await.unwrap(), None);
}

async fn a_description_of_10000_four_byte_characters_is_stored_unchanged_r35(db: TestDb) {
    let mut product = product("Teapot", None);
    product.description = Some(Description::parse(&"🫖".repeat(Description::MAX)).unwrap());
    let mut tx = db.begin().await;
    tx.products().insert(&product).await.unwrap();
    tx.commit().await.unwrap();
    let found = db.database.queries().products.get(product.id, None).await.unwrap().unwrap();
    assert_eq!(found.product, product);
}

async fn a_sku_is_unique_and_case_sensitive_r35(db: TestDb) {
    let mut tx = db.begin().await;
    for sku in [Some("tea-1"), Some("TEA-1"), Some("téa-1"), Some("ＴＥＡ-1"), None, None] {
        tx.products().insert(&product("Teapot", sku)).await.unwrap();
    }
    let refused = tx.products().insert(&product("Another", Some("tea-1"))).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Product::UNIQUE_SKU))), "{refused:?}");
}

async fn products_are_found_by_their_skus_as_they_are_written_r232(db: TestDb) {
    let [small, large, bare] = [product("a", Some("mug")), product("b", Some("MUG")), product("c", None)];
    let mut tx = db.begin().await;
    for product in [&small, &large, &bare] {
        tx.products().insert(product).await.unwrap();
    }
    let skus = ["MUG", "Mug", "mug"].map(|sku| Sku::parse(sku).unwrap());
    let mut found = tx.products().named(&skus).await.unwrap();
    found.sort_by_key(|(sku, _)| sku.to_string());
    assert_eq!(found, [(skus[0].clone(), large.id), (skus[2].clone(), small.id)]);
    tx.commit().await.unwrap();
}

async fn a_product_is_in_stock_while_one_is_on_hand_r31(db: TestDb) {
    let (none, one) = (db.add_product("None", 0).await, db.add_product("One", 1).await);
    let products = db.database.queries().products;
    assert!(!products.get(none.id, None).await.unwrap().unwrap().in_stock);
    assert!(products.get(one.id, None).await.unwrap().unwrap().in_stock);
    let page = products.list(&ALL, ProductSort::CreatedAt, &first(20)).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.in_stock).collect::<Vec<_>>(), [false, true]);
}

async fn customers_do_not_see_an_archived_product_r31(db: TestDb) {
    let (old, new) = (db.add_product("Old", 1).await, db.add_product("New", 1).await);
    db.archive(old.id).await;
    let products = db.database.queries().products;
    assert_eq!(products.get(old.id, Some(ProductStatus::Active)).await.unwrap(), None);
    assert!(products.get(old.id, None).await.unwrap().is_some());
    let page = products.list(&ACTIVE, ProductSort::CreatedAt, &first(20)).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.product.id).collect::<Vec<_>>(), [new.id]);
    let archived = ProductFilter { status: Some(ProductStatus::Archived), ..ALL.clone() };
    let page = products.list(&archived, ProductSort::CreatedAt, &first(20)).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.product.id).collect::<Vec<_>>(), [old.id]);
}

async fn pages_of_products_have_no_gap_and_no_repetition_r31(db: TestDb) {
    let mut ids = Vec::new();
    for index in 0..7 {
        ids.push(db.add_product(&format!("Product {index}"), 1).await.id);
    }
    for limit in [1, 3, 7, 100] {
        let products = db.database.queries().products;
        let read = async |page| products.list(&ALL, ProductSort::CreatedAt, &page).await.unwrap();
        let found: Vec<_> = every_page(limit, read).await.iter().map(|view| view.product.id).collect();
        assert_eq!(found, ids, "in pages of {limit}");
    }
}

async fn offers_are_in_order_of_id_and_skip_unknown_products_r60(db: TestDb) {
    let (first, second) = (db.add_product("First", 3).await, db.add_product("Second", 0).await);
    db.archive(second.id).await;
    let mut tx = db.begin().await;
    let offers = tx.products().offers(&[second.id, ProductId(id()), first.id]).await.unwrap();
    let archived = Offer { status: ProductStatus::Archived, ..offer(&second, 0) };
    assert_eq!(offers, [offer(&first, 3), archived]);
    assert_eq!(tx.products().offers(&[]).await.unwrap(), []);
}

async fn offers_to_a_customer_keep_the_customer_from_being_deleted_r13_r60(db: TestDb) {
    let (ann, product) = (db.add_customer("ann@example.com").await, db.add_product("First", 3).await);
    let mut tx = db.begin().await;
    let offers = tx.products().offers_to(ann.id, &[product.id, ProductId(id())]).await.unwrap();
    assert_eq!(offers, Some((vec![offer(&product, 3)], PricingSnapshot::default())));
    assert_eq!(tx.products().offers_to(CustomerId(id()), &[product.id]).await.unwrap(), None);
    let other = db.clone();
    let deletion = tokio::spawn(async move { other.erase(ann.id, None, NOW).await });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!deletion.is_finished());
    tx.commit().await.unwrap();
    deletion.await.unwrap();
    assert_eq!(db.begin().await.products().offers_to(ann.id, &[product.id]).await.unwrap(), None);
}

async fn a_product_can_be_locked_and_changed_and_its_sku_stays_unique_r33(db: TestDb) {
    let (cup, pot) = (product("Cup", Some("cup-1")), product("Pot", Some("pot-1")));
    let mut tx = db.begin().await;
    for product in [&cup, &pot] {
        tx.products().insert(product).await.unwrap();
    }
    tx.commit().await.unwrap();
    let change = ProductChange {
        tax_and_shipping: TaxAndShippingChange {
            tax_class: TaxClassCode::parse("food").ok(),
            weight: Grams::parse(350).ok(),
            is_shippable: Some(false),
        },
        name: ProductName::parse("Mug").ok(),
        price: Price::parse(5).ok(),
        sku: Some(None),
        description: Some(Description::parse("For tea").ok()),
        status: Some(ProductStatus::Archived),
        ..ProductChange::default()
    };
    let changed = cup.changed(&change, NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.products().lock(cup.id).await.unwrap(), Some(cup.clone()));
    assert_eq!(tx.products().lock(ProductId(id())).await.unwrap(), None);
    tx.products().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().products.get(cup.id, None).await.unwrap().unwrap().product, changed);
    let taken = ProductChange { sku: Some(Sku::parse("pot-1").ok()), ..ProductChange::default() };
    let refused = db.begin().await.products().update(&changed.changed(&taken, NOW)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Product::UNIQUE_SKU))), "{refused:?}");
}

async fn deleting_a_product_deletes_its_stock_movements_and_restocks_but_no_line_of_a_cart_r34(db: TestDb) {
    let customer_id = CustomerId(id());
    let (gone, stays) = (db.add_product("Gone", 1).await, db.add_product("Stays", 1).await);
    let mut tx = db.begin().await;
    tx.carts().lock_and_bump(customer_id, NOW).await.unwrap();
    for product in [&gone, &stays] {
        let stock = tx.stock().lock(&[product.id]).await.unwrap().remove(0);
        tx.stock().record(&[stock.opening().unwrap()]).await.unwrap();
        let below = Stock { restock_threshold: 2, restock_target: 2, ..stock };
        tx.restocks().insert(&[Restock::due(RestockId(id()), &below, NOW)]).await.unwrap();
        tx.carts().put(customer_id, product.id, Quantity::parse(1).unwrap()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = db.begin().await;
    tx.products().delete(gone.id).await.unwrap();
    tx.commit().await.unwrap();
    for table in ["products", "stock", "stock_movements", "restocks", "product_words"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
    let cart = db.database.queries().carts.get(customer_id).await.unwrap();
    let lines: Vec<_> = cart.lines.iter().map(|line| (line.product_id, line.offer.is_some())).collect();
    assert_eq!(lines, [(gone.id, false), (stays.id, true)]);
}

async fn every_sort_order_has_no_gap_and_no_repetition_among_equal_values_r31(db: TestDb) {
    let mut all = Vec::new();
    for index in 0..60_usize {
        let name = ["Cup", "cup", "Äpfel", "Zebra", "cup 2", "🫖"][index * 7 % 6];
        let mut product = product(name, None);
        product.price = Price::parse([100, 0, Price::MAX][index * 5 % 3]).unwrap();
        if index % 4 == 0 {
            product.status = ProductStatus::Archived;
        }
        let mut tx = db.begin().await;
        tx.products().insert(&product).await.unwrap();
        tx.stock().insert(&Stock::new(product.id, 1, NOW)).await.unwrap();
        tx.commit().await.unwrap();
        all.push(product);
    }
    let products = db.database.queries().products;
    for ((name, sort), filter) in ProductSort::ALL.into_iter().flat_map(|sort| [(sort, &ALL), (sort, &ACTIVE)]) {
        let of_status = |product: &&Product| filter.status.is_none_or(|status| product.status == status);
        let mut expected: Vec<_> = all.iter().filter(of_status).collect();
        expected.sort_by_key(|product| match name.trim_start_matches('-') {
            "name" => (sort_key(product.name.as_str()), 0, product.id),
            "price" => (String::new(), product.price.amount(), product.id),
            _ => (String::new(), 0, product.id),
        });
        if name.starts_with('-') || sort == ProductSort::Relevance {
            expected.reverse();
        }
        let expected: Vec<_> = expected.into_iter().map(|product| product.id).collect();
        for limit in [1, 7, 45, 100] {
            let read = async |page| products.list(filter, sort, &page).await.unwrap();
            let found: Vec<_> = every_page(limit, read).await.iter().map(|view| view.product.id).collect();
            assert_eq!(found, expected, "{name} in pages of {limit}");
        }
    }
}

async fn a_list_has_the_products_that_match_its_filter_r31(db: TestDb) {
    let mut ids = Vec::new();
    for (price, on_hand) in [(100, 0), (200, 1), (300, 0), (400, 1)] {
        let product = Product { price: Price::parse(price).unwrap(), ..product("Cup", None) };
        let mut tx = db.begin().await;
        tx.products().insert(&product).await.unwrap();
        tx.stock().insert(&Stock::new(product.id, on_hand, NOW)).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(product.id);
    }
    let search = SearchText::parse("cu").unwrap();
    let cases: [(ProductFilter, &[usize]); 8] = [
        (ProductFilter { min_price: Some(200), ..ALL.clone() }, &[1, 2, 3]),
        (ProductFilter { max_price: Some(200), ..ALL.clone() }, &[0, 1]),
        (ProductFilter { min_price: Some(200), max_price: Some(300), ..ALL.clone() }, &[1, 2]),
        (ProductFilter { min_price: Some(300), max_price: Some(200), ..ALL.clone() }, &[]),
        (ProductFilter { in_stock: Some(true), ..ALL.clone() }, &[1, 3]),
        (ProductFilter { in_stock: Some(false), max_price: Some(200), ..ALL.clone() }, &[0]),
        (
            ProductFilter {
                in_stock: Some(true),
                search,
                min_price: Some(i64::MIN),
                max_price: Some(399),
                ..ALL.clone()
            },
            &[1],
        ),
        (ProductFilter { status: Some(ProductStatus::Archived), ..ALL.clone() }, &[]),
    ];
    let products = db.database.queries().products;
    for (filter, expected) in cases {
        let mut expected: Vec<_> = expected.iter().map(|index| ids[*index]).collect();
        for (name, sort) in ProductSort::ALL {
            // The dearer ones are the newer ones, and all have the same name.
            for limit in [1, 100] {
                let read = async |page| products.list(&filter, sort, &page).await.unwrap();
                let found: Vec<_> = every_page(limit, read).await.iter().map(|view| view.product.id).collect();
                let backwards = name.starts_with('-') || sort == ProductSort::Relevance;
                expected.sort_by_key(|id| if backwards { u128::MAX - id.0.as_u128() } else { id.0.as_u128() });
                assert_eq!(found, expected, "{filter:?} by {name} in pages of {limit}");
            }
        }
    }
}
