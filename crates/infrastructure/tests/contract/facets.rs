//! Counts of products: what they are made of, and that they follow every change, here and on another server.

use std::time::{Duration, Instant};

use application::assignments::AssignAttributes;
use application::groups::{AddMember, Adding, CreateGroup, DeleteGroup, NewMembers, OptionInput, Values};
use application::products::{DeleteProduct, UpdateProduct, suggestion};
use application::stock::AdjustStock;
use domain::attributes::{AttributeInput, AttributeType, NumberRange};
use domain::catalogue::{CatalogueCounts, Counted, CountedFacet, Counts, Facet, Question};
use domain::groups::GroupName;
use domain::pages::PageTexts;
use domain::products::{Product, ProductChange, ProductFilter, ProductStatus};
use domain::stock::{Adjustment, Reason, Stock};
use domain::terms::AttributeCondition;
use domain::{Price, SearchText};
use infrastructure::catalogue_index::CatalogueIndex;
use infrastructure::db::Database;

use crate::attributes::{add_attribute, built_in, code, details};
use crate::support::{NOW, TestDb, connect, product, runner_on};
use crate::terms::add_term;

on_every_database!(
    facets_count_terms_numbers_prices_and_stock_r221,
    counts_follow_every_change_here_and_on_another_server_r221_r222,
    a_search_is_counted_as_far_as_it_finds_r222,
    suggestions_follow_changes_on_another_server_r225,
);

/// An index of up to so many bytes, and without it.
fn index(database: &Database, most_bytes: usize) -> CatalogueIndex {
    CatalogueIndex::new(database.queries().catalogue, database.changes(), most_bytes)
}

fn sorted(mut counts: Counts) -> Counts {
    for facet in &mut counts.facets {
        if let CountedFacet::Terms(terms) = facet {
            terms.sort_unstable();
        }
    }
    counts
}

/// The counts of an index, once they are those that are expected. They may follow another server by a second, and nothing
/// says that they are known before the index is made.
async fn expect_soon(index: &CatalogueIndex, question: &Question, expected: &Counts, what: &str) {
    let began = Instant::now();
    loop {
        let counts = index.counts(question).await.unwrap().map(sorted);
        if counts.as_ref() == Some(expected) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{what}: {counts:?} is not {expected:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn text(word: &str) -> AttributeInput {
    AttributeInput::Text(word.to_owned())
}

async fn give(db: &TestDb, product: &Product, given: &[(&str, AttributeInput)]) {
    let given = given.iter().map(|(code, given)| ((*code).to_owned(), given.clone())).collect();
    db.runner().run(AssignAttributes { product_id: product.id, given, expected: None }).await.unwrap();
}

async fn facets_count_terms_numbers_prices_and_stock_r221(db: TestDb) {
    let colour = add_attribute(&db, details("colour", AttributeType::Choice)).await;
    let size = add_attribute(&db, details("size", AttributeType::Integer)).await;
    let (blue, red) = (add_term(&db, &colour, "blue", None).await.id, add_term(&db, &colour, "red", None).await.id);
    let mut all = Vec::new();
    for n in 0..5_i64 {
        let price = Price::parse(1000 + n * 100).unwrap();
        let made = Product { price, ..product(&format!("Mug {n}"), None) };
        db.database.bulk_products(&[(made.clone(), Stock::new(made.id, n % 2, NOW))]).await.unwrap();
        give(&db, &made, &[("colour", text(if n < 3 { "blue" } else { "red" }))]).await;
        if n > 0 {
            give(&db, &made, &[("size", AttributeInput::Number((n * 10).to_string()))]).await;
        }
        all.push(made);
    }
    let of = |attribute| AttributeCondition::Terms(attribute, vec![blue]);
    let filter = ProductFilter {
        attributes: vec![
            of(colour.id),
            AttributeCondition::Numbers(size.id, vec![NumberRange { from: Some(10), to: None }]),
        ],
        ..ProductFilter::default()
    };
    let facets = vec![
        Facet::Terms(colour.id),
        Facet::Trees(colour.id, vec![vec![blue, red], vec![red]]),
        Facet::Numbers(size.id),
        Facet::Price,
        Facet::InStock,
    ];
    let counts = index(&db.database, 0).counts(&Question { filter, facets }).await.unwrap().map(sorted).unwrap();
    let bucket = |from, to, count| domain::catalogue::Bucket { from, to, count };
    let mut terms = vec![(blue, 2), (red, 2)];
    terms.sort_unstable();
    let expected = vec![
        CountedFacet::Terms(terms),
        CountedFacet::Trees(vec![4, 2]),
        CountedFacet::Numbers(Some(Counted {
            min: 10,
            max: 20,
            buckets: vec![
                bucket(10, 12, 1),
                bucket(12, 14, 0),
                bucket(14, 16, 0),
                bucket(16, 18, 0),
                bucket(18, 20, 0),
                bucket(20, 22, 1),
            ],
        })),
        CountedFacet::Numbers(Some(Counted {
            min: 1100,
            max: 1200,
            buckets: vec![
                bucket(1100, 1120, 1),
                bucket(1120, 1140, 0),
                bucket(1140, 1160, 0),
                bucket(1160, 1180, 0),
                bucket(1180, 1200, 0),
                bucket(1200, 1220, 1),
            ],
        })),
        CountedFacet::Flag { yes: 1, no: 1 },
    ];
    assert_eq!(counts, Counts { total: 2, facets: expected });
}

async fn counts_follow_every_change_here_and_on_another_server_r221_r222(db: TestDb) {
    let other = connect(&db.url).await;
    let (here, there) = (tokio::spawn(db.database.follow_changes()), tokio::spawn(other.follow_changes()));
    let (near, far, slow) = (index(&db.database, 1 << 20), index(&other, 1 << 20), index(&other, 0));
    let (tag, colour) =
        (built_in(&db, "tag").await, add_attribute(&db, details("colour", AttributeType::Choice)).await);
    for name in ["blue", "red"] {
        add_term(&db, &colour, name, None).await;
    }
    add_attribute(&db, details("size", AttributeType::Integer)).await;
    let size = db.database.queries().attributes.get(&code("size")).await.unwrap().unwrap();
    let facets =
        vec![Facet::Terms(tag.id), Facet::Terms(colour.id), Facet::Numbers(size.id), Facet::Price, Facet::InStock];
    let question = |is_collapsed| {
        let filter = ProductFilter { status: Some(ProductStatus::Active), is_collapsed, ..ProductFilter::default() };
        Question { filter, facets: facets.clone() }
    };
    let same = async |what: &str| {
        for is_collapsed in [false, true] {
            let question = question(is_collapsed);
            let expected = sorted(slow.counts(&question).await.unwrap().unwrap());
            expect_soon(&near, &question, &expected, what).await;
            expect_soon(&far, &question, &expected, what).await;
        }
    };
    let runner = db.runner();
    same("nothing").await;
    let (mug, cup) = (db.add_product("Mug", 3).await, db.add_product("Cup", 0).await);
    same("new products").await;
    give(
        &db,
        &mug,
        &[("colour", text("blue")), ("tag", text("new")), ("size", AttributeInput::Number("3".to_owned()))],
    )
    .await;
    same("attributes").await;
    let change = ProductChange { price: Some(Price::parse(7).unwrap()), ..ProductChange::default() };
    runner.run(UpdateProduct::of(cup.id, change)).await.unwrap();
    same("a price").await;
    let (adjustment, reason) = (Adjustment::parse(-3).unwrap(), Reason::parse("Broken.").unwrap());
    runner.run(AdjustStock { product_id: mug.id, adjustment, reason }).await.unwrap();
    same("stock").await;
    let options = vec![OptionInput { attribute: "colour".to_owned(), terms: Vec::new() }];
    let blue: Values = vec![("colour".to_owned(), "blue".to_owned())];
    let create = CreateGroup {
        name: GroupName::parse("Mugs").ok(),
        slug: None,
        description: None,
        page: PageTexts::default(),
        options,
        members: NewMembers::Products(Vec::new()),
        from: Some((mug.id, blue)),
    };
    let group = runner.run(create).await.unwrap().group.id;
    let values = vec![("colour".to_owned(), "red".to_owned())];
    let add = AddMember { group_id: group, member: Adding::Known(cup.id, values), expected: None };
    runner.run(add).await.unwrap();
    same("a group").await;
    // The other server changes something as well.
    let change = ProductChange { status: Some(ProductStatus::Archived), ..ProductChange::default() };
    runner_on(&other).run(UpdateProduct::of(cup.id, change)).await.unwrap();
    same("a status, on another server").await;
    runner.run(DeleteGroup { id: group, expected: None }).await.unwrap();
    same("no group").await;
    runner.run(DeleteProduct { id: mug.id, expected: None }).await.unwrap();
    same("a product that is gone").await;
    let many: Vec<_> = (0..300).map(|n| product(&format!("Bowl {n}"), None)).collect();
    let many: Vec<_> = many.into_iter().map(|product| (product.clone(), Stock::new(product.id, 1, NOW))).collect();
    db.database.bulk_products(&many).await.unwrap();
    same("many products at once").await;
    here.abort();
    there.abort();
}

async fn a_search_is_counted_as_far_as_it_finds_r222(db: TestDb) {
    let follow = tokio::spawn(db.database.follow_changes());
    for name in ["Blue mug", "Red mug", "Blue cup"] {
        db.add_product(name, 1).await;
    }
    let with = |search: &str| ProductFilter { search: SearchText::parse(search).unwrap(), ..ProductFilter::default() };
    for (filter, total) in
        [(with("blue"), 2), (with("mug"), 2), (with("blue mug"), 1), (with("???"), 0), (with("x"), 0)]
    {
        let question = Question { filter, facets: vec![Facet::InStock] };
        let expected = Counts { total, facets: vec![CountedFacet::Flag { yes: total, no: 0 }] };
        for most_bytes in [0, 1 << 20] {
            let index = index(&db.database, most_bytes);
            for _ in 0..2 {
                expect_soon(&index, &question, &expected, "a search").await;
            }
        }
    }
    follow.abort();
}

async fn suggestions_follow_changes_on_another_server_r225(db: TestDb) {
    let other = connect(&db.url).await;
    let (here, there) = (tokio::spawn(db.database.follow_changes()), tokio::spawn(other.follow_changes()));
    let (far, queries) = (index(&other, 1 << 20), other.queries());
    let draft = Product { status: ProductStatus::Draft, ..product("Basket", None) };
    let basket = draft.id;
    for made in [product("Blue teapot", None), product("Blue bottle", None), draft] {
        db.database.bulk_products(&[(made.clone(), Stock::new(made.id, 1, NOW))]).await.unwrap();
    }
    let suggested = async |text: &str| {
        let search = SearchText::parse(text).unwrap();
        let filter = ProductFilter { search, status: Some(ProductStatus::Active), ..ProductFilter::default() };
        suggestion(&filter, &far, queries.products.as_ref()).await.unwrap()
    };
    let expect = async |text: &str, expected: Option<&str>| {
        let began = Instant::now();
        loop {
            let found = suggested(text).await;
            if found.as_deref() == expected {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{text}: {found:?} is not {expected:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    expect("Blue teapto", Some("Blue teapot")).await;
    assert_eq!(suggested("baskte").await, None, "it is not for sale");
    assert_eq!(suggested("bottle teapto").await, None, "nothing has both words");
    let sold = ProductChange { status: Some(ProductStatus::Active), ..ProductChange::default() };
    db.runner().run(UpdateProduct::of(basket, sold)).await.unwrap();
    expect("baskte", Some("basket")).await;
    db.runner().run(DeleteProduct { id: basket, expected: None }).await.unwrap();
    expect("baskte", None).await;
    here.abort();
    there.abort();
}
