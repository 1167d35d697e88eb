//! Products in order of relevance.

use domain::products::{
    Barcode, Description, Particulars, Product, ProductFilter, ProductName, ProductSort, ProductStatus,
};
use domain::stock::Stock;
use domain::{Price, SearchText};

use crate::support::{NOW, TestDb, every_page, product};

on_every_database!(
    the_sku_comes_first_then_names_then_the_others_each_newest_first_r223,
    a_barcode_finds_its_product_in_any_order_and_comes_first_by_relevance_r209_r223,
    filters_hold_in_every_tier_r223,
    tiers_go_on_over_pages_and_by_the_index_r223,
    without_a_search_relevance_is_newest_first_r223,
);

async fn add(db: &TestDb, products: &[Product]) {
    for some in products.chunks(500) {
        let some: Vec<_> = some.iter().map(|one| (one.clone(), Stock::new(one.id, 1, NOW))).collect();
        db.database.bulk_products(&some).await.unwrap();
    }
}

fn described(name: &str, sku: Option<&str>, description: &str) -> Product {
    Product { description: Description::parse(description).ok(), ..product(name, sku) }
}

async fn found(db: &TestDb, filter: &ProductFilter, limit: i64) -> Vec<Product> {
    let queries = db.database.queries().products;
    let read = async |page| queries.list(filter, ProductSort::Relevance, &page).await.unwrap();
    every_page(limit, read).await.into_iter().map(|view| view.product).collect()
}

fn search(text: &str) -> ProductFilter {
    ProductFilter { search: SearchText::parse(text).unwrap(), ..ProductFilter::default() }
}

async fn the_sku_comes_first_then_names_then_the_others_each_newest_first_r223(db: TestDb) {
    let goods = [
        described("Blue mug", None, ""),
        described("Pot", Some("MUG-BLUE"), "for the blue kitchen"),
        described("Plate", None, "goes with the blue mug"),
        described("Mug", None, "of blue glass"),
        described("Mügs in BLUE", None, ""),
        described("Bowl", None, "blue"),
        described("Blue mug of tin", Some("mug blue"), ""),
    ];
    add(&db, &goods).await;
    let cases: [(&str, &[usize]); 6] = [
        ("mug blue", &[6, 0, 3, 2, 1]),
        ("MUG-BLUE", &[1, 6, 0, 3, 2]),
        ("blue mug", &[6, 4, 0, 3, 2, 1]),
        ("mug", &[6, 4, 3, 0, 2, 1]),
        ("bowl", &[5]),
        ("nothing", &[]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|index| goods[*index].name.as_str()).collect();
        for limit in [1, 2, 3, 100] {
            let products = found(&db, &search(text), limit).await;
            let names: Vec<_> = products.iter().map(|product| product.name.as_str()).collect();
            assert_eq!(names, expected, "{text} in pages of {limit}");
        }
    }
}

async fn a_barcode_finds_its_product_in_any_order_and_comes_first_by_relevance_r209_r223(db: TestDb) {
    let barcode = Barcode::parse("4006381333931").ok();
    let scanned = Product { particulars: Particulars { barcode, ..Particulars::default() }, ..product("Pen", None) };
    let goods = [
        product("Refill of 4006381333931", None),
        scanned,
        described("Case", Some("4006381333931"), ""),
        described("Box", None, "holds 4006381333931"),
        product("Ink", None),
    ];
    add(&db, &goods).await;
    let names = |products: Vec<Product>| -> Vec<_> { products.into_iter().map(|one| one.name.to_string()).collect() };
    let by_relevance = ["Case", "Pen", "Refill of 4006381333931", "Box"];
    let queries = db.database.queries();
    for is_collapsed in [false, true] {
        for text in ["4006381333931", " 04006381333931 "] {
            let filter = ProductFilter { is_collapsed, ..search(text) };
            let has_words = !text.starts_with(' ');
            let expected = if has_words { &by_relevance[..] } else { &by_relevance[1..2] };
            for limit in [1, 2, 100] {
                assert_eq!(names(found(&db, &filter, limit).await), expected, "{text} in pages of {limit}");
                for (sort, expected) in [
                    (ProductSort::CreatedAt, ["Pen", "Refill of 4006381333931", "Case", "Box"]),
                    (ProductSort::Name, ["Box", "Case", "Pen", "Refill of 4006381333931"]),
                ] {
                    let read = async |page| queries.products.list(&filter, sort, &page).await.unwrap();
                    let listed = every_page(limit, read).await.into_iter().map(|view| view.product).collect();
                    let expected: Vec<_> = expected.into_iter().filter(|name| has_words || *name == "Pen").collect();
                    assert_eq!(names(listed), expected, "{text} in pages of {limit}");
                }
            }
            let counted = queries.catalogue.passing(&filter, 100).await.unwrap().unwrap();
            assert_eq!(counted.len(), expected.len());
        }
    }
    // A filter holds for it, too, and a barcode that no product has is a word like any other.
    let dear = ProductFilter { min_price: Some(1_000_000), ..search("4006381333931") };
    assert_eq!(names(found(&db, &dear, 9).await), [""; 0]);
    assert_eq!(names(found(&db, &search("96385074"), 9).await), [""; 0]);
}

async fn filters_hold_in_every_tier_r223(db: TestDb) {
    let archived = Product { status: ProductStatus::Archived, ..product("Mug", Some("mug")) };
    let dear = Product { price: Price::parse(9_000).unwrap(), ..product("Dear mug", None) };
    let goods = [archived, dear, product("Cheap mug", None), described("Cup", None, "no mug")];
    add(&db, &goods).await;
    let active = ProductFilter { status: Some(ProductStatus::Active), ..search("mug") };
    let names = |products: Vec<Product>| products.into_iter().map(|product| product.name).collect::<Vec<_>>();
    let expected = |names: &[&str]| names.iter().map(|name| ProductName::parse(name).unwrap()).collect::<Vec<_>>();
    assert_eq!(names(found(&db, &search("mug"), 2).await), expected(&["Mug", "Cheap mug", "Dear mug", "Cup"]));
    assert_eq!(names(found(&db, &active, 2).await), expected(&["Cheap mug", "Dear mug", "Cup"]));
    let cheap = ProductFilter { max_price: Some(5_000), in_stock: Some(true), ..active };
    assert_eq!(names(found(&db, &cheap, 2).await), expected(&["Cheap mug", "Cup"]));
}

/// More products than a search looks at, with few of each tier among them.
async fn tiers_go_on_over_pages_and_by_the_index_r223(db: TestDb) {
    let one = |n: usize| match n % 1_000 {
        7 => product(&format!("Rare cup {n}"), None),
        9 => described(&format!("Cup {n}"), None, "rare"),
        _ => product(&format!("Cup {n}"), None),
    };
    let goods: Vec<_> = (0..3_000).map(one).collect();
    add(&db, &goods).await;
    let expected: Vec<_> = [2_007, 1_007, 7, 2_009, 1_009, 9].map(|n: usize| goods[n].id).to_vec();
    for limit in [1, 4, 100] {
        let ids: Vec<_> = found(&db, &search("rare cup"), limit).await.iter().map(|product| product.id).collect();
        assert_eq!(ids, expected, "in pages of {limit}");
    }
    // All are in one tier, and fill page after page.
    assert_eq!(found(&db, &search("cup"), 100).await.len(), 3_000);
}

async fn without_a_search_relevance_is_newest_first_r223(db: TestDb) {
    let goods: Vec<_> = ["A", "B", "C"].map(|name| product(name, None)).to_vec();
    add(&db, &goods).await;
    let names: Vec<_> =
        found(&db, &ProductFilter::default(), 2).await.into_iter().map(|product| product.name).collect();
    assert_eq!(names.iter().map(ProductName::as_str).collect::<Vec<_>>(), ["C", "B", "A"]);
}
