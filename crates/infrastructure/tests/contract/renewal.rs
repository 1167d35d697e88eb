//! What was stored before words were folded is found meanwhile, and renewed.

use domain::SearchText;
use domain::customers::CustomerFilter;
use domain::products::{Product, ProductFilter, ProductSort, Sku};
use domain::stock::Stock;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::support::{NOW, TestDb, connect, every_page, first, product};

on_every_database!(
    old_products_are_found_meanwhile_and_renewed_r224,
    old_products_are_sorted_as_before_until_all_have_keys_r226,
    a_cursor_of_the_old_order_goes_on_in_the_new_one_r226,
    an_old_sku_that_looks_like_another_stays_and_starves_no_other,
    old_customers_are_found_meanwhile_and_renewed_r224,
);

async fn run(db: &TestDb, sql: &str, values: Vec<Value>) {
    let backend = db.raw.get_database_backend();
    db.raw.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.unwrap();
}

/// Puts a product back to what an older version stored: this name, SKU and words, and no key.
async fn make_old(db: &TestDb, product: &Product, name: &str, sku: Option<&str>, tokens: &str) {
    let id = product.id.0;
    let change = "UPDATE products SET name = ?, sku = ?, name_key = NULL WHERE id = ?";
    run(db, change, vec![name.into(), sku.map(str::to_owned).into(), id.into()]).await;
    let index = "INSERT INTO product_search (product_search, rowid, words)
        SELECT 'delete', doc, words FROM product_words WHERE product_id = ?";
    if db.is_sqlite() {
        run(db, index, vec![id.into()]).await;
    }
    run(db, "UPDATE product_words SET words = ? WHERE product_id = ?", vec![tokens.into(), id.into()]).await;
    let index = "INSERT INTO product_search (rowid, words) SELECT doc, words FROM product_words WHERE product_id = ?";
    if db.is_sqlite() {
        run(db, index, vec![id.into()]).await;
    }
}

async fn add(db: &TestDb, names: &[&str]) -> Vec<Product> {
    let products: Vec<_> = names.iter().map(|name| product(name, None)).collect();
    let with_stock: Vec<_> = products.iter().map(|one| (one.clone(), Stock::new(one.id, 1, NOW))).collect();
    db.database.bulk_products(&with_stock).await.unwrap();
    products
}

async fn renew(db: &TestDb, limit: u64) -> u64 {
    let mut tx = db.begin().await;
    let done = tx.products().renew(limit).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn list(db: &TestDb, text: &str, sort: ProductSort) -> Vec<String> {
    let filter = ProductFilter { search: SearchText::parse(text).unwrap(), ..ProductFilter::default() };
    let queries = db.database.queries().products;
    let read = async |page| queries.list(&filter, sort, &page).await.unwrap();
    every_page(2, read).await.into_iter().map(|view| view.product.name.to_string()).collect()
}

async fn old_products_are_found_meanwhile_and_renewed_r224(db: TestDb) {
    let goods = add(&db, &["Große Tasse", "Müsli", "Große Kanne"]).await;
    make_old(&db, &goods[0], "Große Tasse", None, " qxgro_df_e qxtasse ").await;
    make_old(&db, &goods[1], "Mu\u{308}sli", None, " qxmu qxsli ").await;
    let both = ["Große Tasse", "Große Kanne"];
    for text in ["große", "GROß"] {
        assert_eq!(list(&db, text, ProductSort::CreatedAt).await, both, "{text}");
        assert_eq!(list(&db, text, ProductSort::Relevance).await, ["Große Kanne", "Große Tasse"], "{text}");
    }
    assert_eq!(list(&db, "Mu\u{308}sli", ProductSort::CreatedAt).await, ["Mu\u{308}sli"]);
    assert_eq!(list(&db, "grosse", ProductSort::CreatedAt).await, ["Große Kanne"]);
    assert_eq!((renew(&db, 1).await, renew(&db, 5).await, renew(&db, 5).await), (1, 1, 0));
    assert_eq!(list(&db, "grosse", ProductSort::CreatedAt).await, both);
    assert_eq!(list(&db, "musli", ProductSort::CreatedAt).await, ["M\u{fc}sli"]);
    assert!(list(&db, "sli", ProductSort::CreatedAt).await.is_empty());
    assert_eq!(list(&db, "große", ProductSort::Relevance).await, ["Große Kanne", "Große Tasse"]);
    let renewed = db.database.queries().products.get(goods[0].id, None).await.unwrap().unwrap().product;
    assert_eq!((renewed.version, renewed.updated_at), (goods[0].version, goods[0].updated_at), "it is no change");
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn old_products_are_sorted_as_before_until_all_have_keys_r226(db: TestDb) {
    let goods = add(&db, &["Zebra", "apple", "Äpfel", "Banana"]).await;
    make_old(&db, &goods[1], "apple", None, " qxapple ").await;
    let (before, now) = (["Banana", "Zebra", "apple", "Äpfel"], ["Äpfel", "apple", "Banana", "Zebra"]);
    assert_eq!(list(&db, "", ProductSort::Name).await, before);
    assert_eq!(renew(&db, 100).await, 1);
    assert_eq!(list(&db, "", ProductSort::Name).await, now);
}

async fn a_cursor_of_the_old_order_goes_on_in_the_new_one_r226(db: TestDb) {
    let goods = add(&db, &["Zebra", "apple", "Cup", "Banana"]).await;
    make_old(&db, &goods[1], "apple", None, " qxapple ").await;
    let queries = db.database.queries().products;
    let all = ProductFilter::default();
    let page = queries.list(&all, ProductSort::Name, &first(2)).await.unwrap();
    assert_eq!(page.items.last().unwrap().product.name.as_str(), "Cup");
    renew(&db, 100).await;
    let next = domain::PageRequest { after: page.next, ..first(2) };
    let page = queries.list(&all, ProductSort::Name, &next).await.unwrap();
    assert_eq!(page.items.iter().map(|view| view.product.name.as_str()).collect::<Vec<_>>(), ["Zebra"]);
}

async fn an_old_sku_that_looks_like_another_stays_and_starves_no_other(db: TestDb) {
    let goods = add(&db, &["One", "Two", "Three"]).await;
    make_old(&db, &goods[0], "One", Some("t\u{fc}te"), " qxone ").await;
    make_old(&db, &goods[1], "Two", Some("tu\u{308}te"), " qxtwo ").await;
    make_old(&db, &goods[2], "Three", Some("cu\u{308}p"), " qxthree ").await;
    assert_eq!(renew(&db, 100).await, 3);
    let queries = db.database.queries().products;
    let mut skus = Vec::new();
    for one in &goods {
        skus.push(queries.get(one.id, None).await.unwrap().unwrap().product.sku.unwrap().to_string());
    }
    assert_eq!(skus, ["t\u{fc}te", "tu\u{308}te", "c\u{fc}p"]);
    assert_eq!(db.database.products_by_sku(&[Sku::parse("cu\u{308}p").unwrap()]).await.unwrap().len(), 1);
}

async fn old_customers_are_found_meanwhile_and_renewed_r224(db: TestDb) {
    let (old, new) = (db.add_customer("ann@example.com").await, db.add_customer("bob@example.com").await);
    run(
        &db,
        "UPDATE customers SET name = ?, name_key = NULL WHERE id = ?",
        vec!["Ludwig Groß".into(), old.id.0.into()],
    )
    .await;
    run(&db, "DELETE FROM customer_words WHERE customer_id = ?", vec![old.id.0.into()]).await;
    for word in ["ludwig", "groß", "ann", "example", "com"] {
        run(&db, "INSERT INTO customer_words VALUES (?, ?)", vec![old.id.0.into(), word.into()]).await;
    }
    let people = async |db: &TestDb, text: &str| {
        let filter = CustomerFilter { search: SearchText::parse(text).unwrap(), ..CustomerFilter::default() };
        let page = db.database.queries().customers.list(&filter, &first(100)).await.unwrap();
        page.items.into_iter().map(|customer| customer.id).collect::<Vec<_>>()
    };
    assert_eq!(people(&db, "GROß").await, [old.id]);
    assert_eq!(people(&db, "otani").await, [new.id]);
    assert!(people(&db, "gross").await.is_empty());
    let mut tx = db.begin().await;
    assert_eq!(tx.customers().renew(100).await.unwrap(), 1);
    assert_eq!(tx.customers().renew(100).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(people(&db, "ludwig gross").await, [old.id]);
    // A server that starts later need not look for old ones.
    let later = connect(&db.url).await;
    let filter = CustomerFilter { search: SearchText::parse("groß").unwrap(), ..CustomerFilter::default() };
    assert_eq!(later.queries().customers.list(&filter, &first(9)).await.unwrap().items.len(), 1);
    later.close().await;
}
