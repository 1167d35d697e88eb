//! Barcodes, reductions and the history of prices.

use application::groups::{CreateGroup, NewMember, NewMembers, NewProduct};
use application::products::{CreateProduct, DeleteProduct, MoveScheduled, ReviseProducts, UpdateProduct};
use domain::groups::GroupName;
use domain::pages::PageTexts;
use domain::products::{
    Barcode, Particulars, ParticularsChange, Product, ProductChange, ProductDetails, ProductFilter, ProductId,
    ProductName, ProductSort, ProductStatus,
};
use domain::stock::{InitialStock, Stock};
use domain::{Price, SearchText, StoreError, UtcDateTime, Version};

use crate::support::{NOW, TestDb, at_once, every_page, first, product};

on_every_database!(
    a_barcode_is_unique_and_found_without_its_zeros_r209,
    every_price_is_kept_until_the_product_goes_r215,
    the_lowest_price_is_that_before_the_reduction_r215,
    lists_have_the_products_that_are_reduced_in_any_order_r214,
    products_of_before_have_had_their_price_since_they_were_created_r215,
    products_begin_and_end_to_be_for_sale_once_and_at_their_times_r216,
);

fn price(amount: i64) -> Price {
    Price::parse(amount).unwrap()
}

fn barcode(raw: &str) -> Barcode {
    Barcode::parse(raw).unwrap()
}

fn with_barcode(raw: &str) -> Product {
    Product {
        particulars: Particulars { barcode: Some(barcode(raw)), ..Particulars::default() },
        ..product("Mug", None)
    }
}

async fn a_barcode_is_unique_and_found_without_its_zeros_r209(db: TestDb) {
    let (short, long) = (with_barcode("96385074"), with_barcode("4006381333931"));
    let mut tx = db.begin().await;
    for product in [&short, &long, &product("Mug", None), &product("Mug", None)] {
        tx.products().insert(product).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = db.begin().await;
    let again = tx.products().insert(&with_barcode("0000096385074")).await.unwrap_err();
    assert!(matches!(again, StoreError::Duplicate(Product::UNIQUE_BARCODE)), "{again:?}");
    tx.rollback().await.unwrap();
    let mut tx = db.begin().await;
    let twin = Product { particulars: short.particulars.clone(), ..long.clone() };
    let again = tx.products().update(&twin).await.unwrap_err();
    assert!(matches!(again, StoreError::Duplicate(Product::UNIQUE_BARCODE)), "{again:?}");
    tx.rollback().await.unwrap();
    for (wanted, found) in [
        (vec!["00000096385074"], vec![short.id]),
        (vec!["04006381333931", "96385074"], vec![short.id, long.id]),
        (vec!["036000291452"], vec![]),
    ] {
        let barcodes: Vec<_> = wanted.iter().map(|raw| barcode(raw)).collect();
        for is_collapsed in [false, true] {
            for sort in [ProductSort::CreatedAt, ProductSort::Price, ProductSort::Relevance] {
                let filter = ProductFilter { barcodes: barcodes.clone(), is_collapsed, ..ProductFilter::default() };
                let page = db.database.queries().products.list(&filter, sort, &first(10)).await.unwrap();
                let mut ids: Vec<_> = page.items.iter().map(|view| view.product.id).collect();
                ids.sort_unstable();
                assert_eq!(ids, found, "{wanted:?} {sort:?}");
            }
        }
    }
    let search = SearchText::parse("mug").unwrap();
    let both = ProductFilter { search, barcodes: vec![barcode("96385074")], ..ProductFilter::default() };
    let page = db.database.queries().products.list(&both, ProductSort::Relevance, &first(10)).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].product, short, "and is read as it was stored");
}

/// The prices of a product, the newest first, with those that they were compared with.
async fn prices(db: &TestDb, id: ProductId) -> Vec<(i64, Option<i64>)> {
    let queries = db.database.queries();
    let all = every_page(2, async |page| queries.prices.list(id, &page).await.unwrap().unwrap()).await;
    all.iter().map(|entry| (entry.price.amount(), entry.compare_at_price.map(Price::amount))).collect()
}

/// A change of the price, and of the one for comparison, which -1 takes away.
fn change(amount: Option<i64>, compare_at: Option<i64>) -> ProductChange {
    let compare_at_price = compare_at.map(|amount| Price::parse(amount).ok());
    let particulars = ParticularsChange { compare_at_price, ..ParticularsChange::default() };
    ProductChange { price: amount.map(price), particulars, ..ProductChange::default() }
}

async fn every_price_is_kept_until_the_product_goes_r215(db: TestDb) {
    let runner = db.runner();
    let details = ProductDetails::new(ProductName::parse("Mug").unwrap(), price(100));
    let create = CreateProduct {
        id: None,
        details,
        initial_stock: InitialStock::default(),
        attributes: Vec::new(),
        page: PageTexts::default(),
    };
    let (view, _) = runner.run(create).await.unwrap();
    let id = view.product.id;
    let update = |change| UpdateProduct::of(id, change);
    runner.run(update(change(Some(90), None))).await.unwrap();
    runner.run(update(ProductChange { status: Some(ProductStatus::Draft), ..change(Some(90), None) })).await.unwrap();
    runner.run(update(change(None, Some(100)))).await.unwrap();
    runner.run(ReviseProducts::new(vec![(id, change(Some(80), None))])).await.unwrap();
    runner.run(update(change(None, Some(-1)))).await.unwrap();
    let all = [(80, None), (80, Some(100)), (90, Some(100)), (90, None), (100, None)];
    assert_eq!(prices(&db, id).await, all);

    let member = NewMember { values: Vec::new(), product: NewProduct::at(price(700)) };
    let group = CreateGroup {
        name: GroupName::parse("Cups").ok(),
        slug: None,
        description: None,
        page: PageTexts::default(),
        options: Vec::new(),
        members: NewMembers::Products(vec![member]),
        from: None,
    };
    let made = runner.run(group).await.unwrap().members[0].id;
    assert_eq!(prices(&db, made).await, [(700, None)]);
    let loaded = product("Pot", None);
    db.database.bulk_products(&[(loaded.clone(), Stock::new(loaded.id, 1, NOW))]).await.unwrap();
    assert_eq!(prices(&db, loaded.id).await, [(1999, None)]);
    assert_eq!(db.database.examine().await.unwrap(), []);

    runner.run(DeleteProduct { id, expected: None }).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM product_prices").await, 2);
    assert!(db.database.queries().prices.list(id, &first(2)).await.unwrap().is_none());
}

async fn the_lowest_price_is_that_before_the_reduction_r215(db: TestDb) {
    let runner = db.runner();
    let mug = db.add_product("Mug", 1).await;
    let update = |change| UpdateProduct::of(mug.id, change);
    // Long ago it cost 1999 and for a time 500; in the last 30 days it cost 1500, then 1700.
    db.raw_run("UPDATE product_prices SET at = 1000").await;
    for amount in [500, 1500, 1700] {
        runner.run(update(change(Some(amount), None))).await.unwrap();
    }
    db.raw_run("UPDATE product_prices SET at = 2000 + sequence WHERE price IN (500, 1500)").await;
    let view = runner.run(update(change(Some(1200), Some(1700)))).await.unwrap();
    assert_eq!(view.product.lowest_price_30d, Some(price(1500)));
    let stored = db.database.queries().products.get(mug.id, None).await.unwrap().unwrap();
    assert_eq!(stored.product, view.product);
    let further = runner.run(update(change(Some(1000), None))).await.unwrap();
    assert_eq!(further.product.lowest_price_30d, Some(price(1500)));
    let ended = runner.run(update(change(None, Some(-1)))).await.unwrap();
    assert_eq!(ended.product.lowest_price_30d, None);
}

async fn lists_have_the_products_that_are_reduced_in_any_order_r214(db: TestDb) {
    let reduced = |n: i64| n % 7 == 3;
    let made: Vec<_> = (0..700)
        .map(|n| {
            let compare_at_price = reduced(n).then(|| price(n + 1));
            let particulars = Particulars { compare_at_price, ..Particulars::default() };
            let product = Product { price: price(n), particulars, ..product(&format!("Cup {n:03}"), None) };
            let stock = Stock::new(product.id, n % 2, NOW);
            (product, stock)
        })
        .collect();
    db.database.bulk_products(&made).await.unwrap();
    let queries = db.database.queries();
    for on_sale in [true, false] {
        for sort in [ProductSort::CreatedAt, ProductSort::CreatedAtDescending, ProductSort::Price, ProductSort::Name] {
            for is_collapsed in [false, true] {
                let filter = ProductFilter {
                    on_sale: Some(on_sale),
                    in_stock: Some(true),
                    is_collapsed,
                    ..ProductFilter::default()
                };
                let found =
                    every_page(40, async |page| queries.products.list(&filter, sort, &page).await.unwrap()).await;
                let mut found: Vec<_> = found.iter().map(|view| view.product.price.amount()).collect();
                found.sort_unstable();
                let expected: Vec<_> = (0..700).filter(|n| n % 2 == 1 && reduced(*n) == on_sale).collect();
                assert_eq!(found, expected, "{on_sale} {sort:?}");
            }
        }
    }
    let dear = ProductFilter { on_sale: Some(true), min_price: Some(694), ..ProductFilter::default() };
    let found = queries.products.list(&dear, ProductSort::CreatedAt, &first(5)).await.unwrap();
    let found: Vec<_> = found.items.iter().map(|view| view.product.id).collect();
    assert_eq!(found, [made[696].0.id]);
}

async fn products_of_before_have_had_their_price_since_they_were_created_r215(db: TestDb) {
    let mug = db.add_product("Mug", 0).await;
    db.raw_run("UPDATE products SET version = 7, price = 42").await;
    let status = db.database.migration_status().await.unwrap();
    let first = status.iter().position(|migration| migration.name == "m0171_product_prices").unwrap();
    db.database.migrate_down(u32::try_from(status.len() - first).unwrap()).await.unwrap();
    db.database.migrate_up().await.unwrap();
    assert_eq!(prices(&db, mug.id).await, [(42, None)]);
    let entry = db.database.queries().prices.list(mug.id, &crate::support::first(1)).await.unwrap().unwrap();
    assert_eq!((entry.items[0].at, entry.items[0].sequence), (mug.created_at, 7));
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn products_begin_and_end_to_be_for_sale_once_and_at_their_times_r216(db: TestDb) {
    use ProductStatus::{Active, Archived, Draft, Scheduled};
    let (past, future) = (NOW, UtcDateTime::now() + std::time::Duration::from_hours(1));
    let future = future.replace_nanosecond(0).unwrap();
    let cases = [
        (Scheduled, Some(past), None, Active),
        (Scheduled, Some(future), None, Scheduled),
        (Active, Some(past), Some(past), Archived),
        (Active, None, Some(future), Active),
        (Active, None, None, Active),
        (Draft, Some(past), Some(past), Draft),
        (Archived, Some(past), None, Archived),
    ];
    let many = cases.iter().cycle().take(cases.len() * 30);
    let made: Vec<_> = many
        .map(|(status, available_from, available_until, after)| {
            let (available_from, available_until) = (*available_from, *available_until);
            let particulars = Particulars { available_from, available_until, ..Particulars::default() };
            (Product { status: *status, particulars, ..product("Mug", None) }, *after)
        })
        .collect();
    let rows: Vec<_> = made.iter().map(|(product, _)| (product.clone(), Stock::new(product.id, 1, NOW))).collect();
    db.database.bulk_products(&rows).await.unwrap();
    let queries = db.database.queries();
    assert!(queries.products.is_due(UtcDateTime::now()).await.unwrap());
    let runner = db.runner();
    let moved = at_once(4, |_| {
        let runner = runner.clone();
        async move {
            let mut moved = 0;
            loop {
                let found = runner.run(MoveScheduled { limit: 7 }).await.unwrap();
                moved += found;
                if found < 7 {
                    return moved;
                }
            }
        }
    })
    .await;
    assert!(moved.iter().sum::<u64>() >= 60, "{moved:?}");
    assert!(!queries.products.is_due(UtcDateTime::now()).await.unwrap());
    for (before, after) in made {
        let found = queries.products.get(before.id, None).await.unwrap().unwrap().product;
        let version = if before.status == after { Version::FIRST } else { Version(2) };
        assert_eq!((found.status, found.version), (after, version), "{before:?}");
        assert_eq!(found.particulars, before.particulars);
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM audit_log WHERE action = 'products.schedule'").await, 60);
}
