//! What is searched for is found, the same on every database.

use domain::SearchText;
use domain::customers::CustomerFilter;
use domain::products::{Description, Product, ProductFilter, ProductName, ProductSort};
use domain::stock::Stock;

use crate::support::{NOW, TestDb, customer, every_page, first, product};

on_every_database!(
    products_are_found_by_whole_words_and_the_beginning_of_the_last_r31,
    a_product_is_found_by_its_name_its_description_and_its_sku_r31,
    a_changed_product_is_found_by_its_new_words_only_and_a_deleted_one_not_at_all_r33_r34,
    a_search_that_most_products_match_goes_page_by_page_in_every_order_r31,
    a_search_that_few_of_many_products_match_finds_them_in_every_order_r31,
    a_search_goes_on_by_the_index_where_it_has_looked_at_enough_r31,
    customers_are_found_by_name_and_email_address_r11,
    a_customer_who_changed_or_went_is_not_found_by_what_was_r12_r13,
);

fn sought(text: &str) -> ProductFilter {
    ProductFilter { search: SearchText::parse(text).unwrap(), ..ProductFilter::default() }
}

async fn add(db: &TestDb, products: &[Product]) {
    let mut tx = db.begin().await;
    for product in products {
        tx.products().insert(product).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The names of the products that a search finds, the oldest first.
async fn found(db: &TestDb, text: &str) -> Vec<String> {
    let page = db.database.queries().products.list(&sought(text), ProductSort::CreatedAt, &first(100)).await.unwrap();
    page.items.into_iter().map(|view| view.product.name.to_string()).collect()
}

async fn products_are_found_by_whole_words_and_the_beginning_of_the_last_r31(db: TestDb) {
    const NAMES: [&str; 12] = [
        "The Blue Mug",
        "Mug, dark-blue",
        "A 42 x 7 board",
        "To be or not to be",
        "Grüne ÄRMEL",
        "Ärmelkanal",
        "100% O'Hara_wool \"soft\"",
        "杯子 茶",
        "Crème brûlée",
        "MUGGLE",
        "AND OR NOT NEAR",
        "Straße Ωmega",
    ];
    let long = format!("{} tail", "long".repeat(40));
    let products: Vec<_> = NAMES.into_iter().chain([long.as_str()]).map(|name| product(name, None)).collect();
    add(&db, &products).await;
    let cases: &[(&str, &[usize])] = &[
        ("mug", &[0, 1, 9]),
        ("mug blue", &[0, 1]),
        ("BLUE mUg", &[0, 1]),
        ("mug mug", &[0, 1]),
        ("mug bl", &[0, 1]),
        ("bl mug", &[]),
        ("blue m", &[0, 1]),
        ("ug", &[]),
        // Short words and those that `InnoDB` would pass over.
        ("the", &[0]),
        ("a", &[2, 4, 5, 10]),
        ("a 4", &[2]),
        ("42", &[2]),
        ("x 7", &[2]),
        ("to be or not", &[3]),
        ("or b", &[3]),
        ("de com", &[]),
        // Letters beyond ASCII.
        ("är", &[4, 5]),
        ("Ärmel", &[4, 5]),
        ("armel", &[4, 5]),
        ("grüne ärm", &[4]),
        ("grün", &[4]),
        ("gru", &[4]),
        ("gr_fc_ne", &[]),
        ("杯", &[7]),
        ("杯子 茶", &[7]),
        ("茶子", &[]),
        ("CRÈME", &[8]),
        ("straße ωm", &[11]),
        // Syntax is not syntax.
        ("100%", &[6]),
        ("%", &[]),
        ("o'hara", &[6]),
        ("o_hara wool", &[6]),
        ("\"soft\"", &[6]),
        ("-blue mug", &[0, 1]),
        ("+mug -blue", &[0, 1]),
        ("(mug) > <blue~ @3", &[]),
        ("mug*", &[0, 1, 9]),
        ("m* blue", &[]),
        ("words:mug", &[]),
        ("mug OR grüne", &[]),
        ("and or not near", &[10]),
        ("NEAR", &[10]),
        ("qxmug", &[]),
        ("qnmug", &[]),
        ("q", &[]),
        // As much of a long word as is kept.
        ("longlonglong", &[12]),
        (&long, &[12]),
        (&"long".repeat(41), &[12]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|index| products[*index].name.to_string()).collect();
        assert_eq!(found(&db, text).await, expected, "{text:?}");
    }
}

async fn a_product_is_found_by_its_name_its_description_and_its_sku_r31(db: TestDb) {
    let described = |text: &str| Some(Description::parse(text).unwrap());
    let mug = Product { description: described("For tea.\n\tHand-made!"), ..product("Mug", Some("CUP-01")) };
    let pot = Product { description: described("For tea, too"), ..product("Pot", Some("POT-01")) };
    add(&db, &[mug, pot]).await;
    for (text, names) in
        [("hand cup", vec!["Mug"]), ("01 tea", vec!["Mug", "Pot"]), ("pot cup", vec![]), ("made", vec!["Mug"])]
    {
        assert_eq!(found(&db, text).await, names, "{text:?}");
    }
}

async fn a_changed_product_is_found_by_its_new_words_only_and_a_deleted_one_not_at_all_r33_r34(db: TestDb) {
    let (mug, pot) = (product("Blue mug", None), product("Blue pot", None));
    add(&db, &[mug.clone(), pot.clone()]).await;
    let red = Product { name: ProductName::parse("Red mug").unwrap(), ..mug };
    let mut tx = db.begin().await;
    tx.products().update(&red).await.unwrap();
    tx.products().delete(pot.id).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(found(&db, "blue").await, ["Blue mug", "Blue pot"], "nothing was committed");
    let mut tx = db.begin().await;
    for name in ["Green mug", "Red mug"] {
        let name = ProductName::parse(name).unwrap();
        tx.products().update(&Product { name, ..red.clone() }).await.unwrap();
    }
    tx.products().delete(pot.id).await.unwrap();
    tx.commit().await.unwrap();
    for (text, names) in [("blue", vec![]), ("green", vec![]), ("pot", vec![]), ("red", vec!["Red mug"])] {
        assert_eq!(found(&db, text).await, names, "{text:?}");
    }
    add(&db, &[product("Blue cup", None)]).await;
    assert_eq!(found(&db, "blue").await, ["Blue cup"], "nothing of the old ones is found with the new one");
}

/// A thousand products: more than a search looks at before it asks the index.
async fn a_thousand(db: &TestDb) -> Vec<Product> {
    let name =
        |n: usize| format!("{} {} {n:04}", ["Mug", "Pot", "Cup"][n % 3], if n % 100 == 99 { "rare" } else { "common" });
    let products: Vec<_> = (0..1000).map(|n| product(&name(n * 7 % 1000), None)).collect();
    for some in products.chunks(250) {
        add(db, some).await;
    }
    products
}

async fn in_every_order(db: &TestDb, products: &[Product], text: &str) {
    let words: Vec<_> = text.split(' ').collect();
    let has = |product: &&Product| words.iter().all(|word| product.name.as_str().to_lowercase().contains(word));
    for (name, sort) in ProductSort::ALL {
        let mut expected: Vec<_> = products.iter().filter(has).collect();
        expected.sort_by_key(|product| match name.trim_start_matches('-') {
            "name" => (product.name.clone(), product.id),
            _ => (ProductName::parse("-").unwrap(), product.id),
        });
        if name.starts_with('-') || sort == ProductSort::Relevance {
            expected.reverse();
        }
        let expected: Vec<_> = expected.iter().map(|product| product.id).collect();
        let queries = db.database.queries().products;
        let read = async |page| queries.list(&sought(text), sort, &page).await.unwrap();
        let found: Vec<_> = every_page(50, read).await.iter().map(|view| view.product.id).collect();
        assert_eq!(found, expected, "{text:?} by {name}");
    }
}

async fn a_search_that_most_products_match_goes_page_by_page_in_every_order_r31(db: TestDb) {
    let products = a_thousand(&db).await;
    in_every_order(&db, &products, "common").await;
    in_every_order(&db, &products, "common mug").await;
}

async fn a_search_that_few_of_many_products_match_finds_them_in_every_order_r31(db: TestDb) {
    let products = a_thousand(&db).await;
    in_every_order(&db, &products, "rare").await;
    in_every_order(&db, &products, "0042").await;
}

/// More products than a search looks at, of which it finds too few, among the first and behind the others.
async fn a_search_goes_on_by_the_index_where_it_has_looked_at_enough_r31(db: TestDb) {
    const RARE: [usize; 5] = [0, 499, 500, 5_000, 10_900];
    let name = |n: usize| format!("{} {n:05}", if RARE.contains(&n) { "Rare cup" } else { "Cup" });
    let goods: Vec<_> = (0..11_000).map(|n| product(&name(n), None)).collect();
    let goods: Vec<_> = goods.into_iter().map(|product| (product.clone(), Stock::new(product.id, 0, NOW))).collect();
    for some in goods.chunks(1000) {
        db.database.bulk_products(some).await.unwrap();
    }
    let expected: Vec<_> = RARE.iter().map(|n| goods[*n].0.id).collect();
    for limit in [1, 3, 50] {
        for (sort, backwards) in
            [(ProductSort::CreatedAt, false), (ProductSort::Name, false), (ProductSort::NameDescending, true)]
        {
            let queries = db.database.queries().products;
            let read = async |page| queries.list(&sought("cup rare"), sort, &page).await.unwrap();
            let mut found: Vec<_> = every_page(limit, read).await.iter().map(|view| view.product.id).collect();
            if backwards {
                found.reverse();
            }
            assert_eq!(found, expected, "{sort:?} in pages of {limit}");
        }
    }
}

async fn people(db: &TestDb, text: &str) -> Vec<String> {
    let filter = CustomerFilter { search: SearchText::parse(text).unwrap(), ..CustomerFilter::default() };
    let queries = db.database.queries().customers;
    let read = async |page| queries.list(&filter, &page).await.unwrap();
    every_page(2, read).await.into_iter().map(|customer| customer.email.as_str().to_owned()).collect()
}

async fn customers_are_found_by_name_and_email_address_r11(db: TestDb) {
    const EMAILS: [&str; 5] =
        ["ann@example.com", "Bob.Jones@example.com", "bob_smith@example.org", "50%off@example.com", "änn@example.org"];
    for email in EMAILS {
        db.add_customer(email).await;
    }
    let cases: &[(&str, &[usize])] = &[
        ("example", &[0, 1, 2, 3, 4]),
        ("ann", &[0, 1, 2, 3, 4]),
        ("ann example.com", &[0, 1, 3]),
        ("ANN@EXAMPLE.COM", &[0, 1, 3]),
        ("bob", &[1, 2]),
        ("bob jones", &[1]),
        ("BOB j", &[1]),
        ("j bob", &[]),
        ("ŌTANI", &[0, 1, 2, 3, 4]),
        ("ōt smith", &[]),
        ("smith ōt", &[2]),
        ("än", &[0, 1, 2, 3, 4]),
        ("änn org", &[2, 4]),
        ("50%", &[3]),
        ("_", &[]),
        ("o", &[0, 1, 2, 3, 4]),
        ("zzz", &[]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|index| EMAILS[*index]).collect();
        assert_eq!(people(&db, text).await, expected, "{text:?}");
    }
}

async fn a_customer_who_changed_or_went_is_not_found_by_what_was_r12_r13(db: TestDb) {
    let (ann, bob) = (db.add_customer("ann@example.com").await, db.add_customer("bob@example.com").await);
    let renamed = domain::customers::Customer { id: ann.id, ..customer("zoe@example.net") };
    let mut tx = db.begin().await;
    tx.customers().update(&renamed).await.unwrap();
    tx.commit().await.unwrap();
    db.erase(bob.id, None, domain::UtcDateTime::UNIX_EPOCH).await;
    assert!(people(&db, "example.com").await.is_empty() && people(&db, "bob").await.is_empty());
    assert_eq!(people(&db, "zoe example net").await, ["zoe@example.net"]);
    assert_eq!(db.number("SELECT COUNT(*) FROM customer_words WHERE word = 'bob'").await, 0);
}
