//! Lists of products by what they have of attributes.

use domain::attributes::{AttributeType, NumberRange};
use domain::products::{Product, ProductFilter, ProductSort, ProductStatus};
use domain::stock::Stock;
use domain::terms::{AttributeCondition, TermId};
use domain::{Price, SearchText, Uuid};
use sea_orm::ConnectionTrait;

use crate::attributes::{add_attribute, built_in, details};
use crate::support::{NOW, TestDb, every_page, first, product};
use crate::terms::add_term;

on_every_database!(
    products_are_found_by_their_terms_and_values_in_every_order_r220,
    few_products_of_a_term_are_found_however_far_they_are_r220,
);

const SORTS: [ProductSort; 7] = [
    ProductSort::CreatedAt,
    ProductSort::CreatedAtDescending,
    ProductSort::Name,
    ProductSort::NameDescending,
    ProductSort::Price,
    ProductSort::PriceDescending,
    ProductSort::Relevance,
];

/// Product `n` is called after `n` and costs `n`.
async fn add(db: &TestDb, count: usize) -> Vec<Product> {
    let made = |n: usize| {
        let price = Price::parse(i64::try_from(n).unwrap()).unwrap();
        Product { price, ..product(&format!("Cup {n:05}"), None) }
    };
    let goods: Vec<_> = (0..count).map(made).collect();
    let goods: Vec<_> = goods.into_iter().map(|product| (product.clone(), Stock::new(product.id, 1, NOW))).collect();
    for some in goods.chunks(1_000) {
        db.database.bulk_products(some).await.unwrap();
    }
    goods.into_iter().map(|(product, _)| product).collect()
}

fn hex(id: Uuid) -> String {
    format!("X'{}'", id.simple())
}

async fn insert(db: &TestDb, into: &str, rows: Vec<String>) {
    for some in rows.chunks(500) {
        db.raw.execute_unprepared(&format!("INSERT INTO {into} VALUES {}", some.join(", "))).await.unwrap();
    }
}

async fn give(db: &TestDb, term: TermId, products: impl Iterator<Item = &Product>) {
    let rows = products.map(|product| format!("({}, {}, 0, 0)", hex(product.id.0), hex(term.0))).collect();
    insert(db, "product_terms", rows).await;
}

/// The numbers of the listed products, which is what they cost.
async fn listed(db: &TestDb, filter: &ProductFilter, sort: ProductSort, limit: i64) -> Vec<i64> {
    let queries = db.database.queries().products;
    let all = every_page(limit, async |page| queries.list(filter, sort, &page).await.unwrap()).await;
    all.into_iter().map(|view| view.product.price.amount()).collect()
}

/// The same numbers in an order; relevance without a search is the newest first, as with words that all have.
fn in_order(numbers: &[usize], sort: ProductSort) -> Vec<i64> {
    let mut numbers: Vec<_> = numbers.iter().map(|n| i64::try_from(*n).unwrap()).collect();
    numbers.sort_unstable();
    if !matches!(sort, ProductSort::CreatedAt | ProductSort::Name | ProductSort::Price) {
        numbers.reverse();
    }
    numbers
}

/// Whether a product of this number is found.
type Holds<'a> = Box<dyn Fn(usize) -> bool + 'a>;

fn by(attributes: Vec<AttributeCondition>) -> ProductFilter {
    ProductFilter { attributes, ..ProductFilter::default() }
}

fn range(from: Option<i64>, to: Option<i64>) -> NumberRange {
    NumberRange { from, to }
}

async fn products_are_found_by_their_terms_and_values_in_every_order_r220(db: TestDb) {
    const COUNT: usize = 60;
    let all = add(&db, COUNT).await;
    let (category, tag) = (built_in(&db, "category").await, built_in(&db, "tag").await);
    let size = add_attribute(&db, details("size", AttributeType::Integer)).await;
    let other = add_attribute(&db, details("other", AttributeType::Integer)).await;
    let mut terms = Vec::new();
    for (attribute, name, every) in [(&category, "a", 2), (&category, "b", 3), (&tag, "c", 5), (&tag, "none", 1_000)] {
        let term = add_term(&db, attribute, name, None).await.id;
        give(&db, term, all.iter().enumerate().filter(|(n, _)| n % every == 1).map(|(_, product)| product)).await;
        terms.push(term);
    }
    let size_of = |n: usize| i64::try_from(n).unwrap() - 30;
    let sized = all.iter().enumerate().filter(|(n, _)| !n.is_multiple_of(4));
    let rows =
        sized.map(|(n, product)| format!("({}, {}, NULL, {}, 0)", hex(product.id.0), hex(size.id.0), size_of(n)));
    insert(&db, "product_values", rows.collect()).await;
    let rows = all.iter().map(|product| format!("({}, {}, NULL, 7, 0)", hex(product.id.0), hex(other.id.0)));
    insert(&db, "product_values", rows.collect()).await;
    let any = |places: &[usize]| AttributeCondition::Terms(tag.id, places.iter().map(|place| terms[*place]).collect());
    let within = |ranges: Vec<NumberRange>| AttributeCondition::Numbers(size.id, ranges);
    let (a, b, c) = (|n: usize| n % 2 == 1, |n: usize| n % 3 == 1, |n: usize| n % 5 == 1);
    let has = |n: usize| !n.is_multiple_of(4);
    let negative = within(vec![range(None, Some(-1))]);
    let several = within(vec![range(Some(-5), Some(5)), range(Some(25), None)]);
    let cases: Vec<(Vec<AttributeCondition>, Holds<'_>)> = vec![
        (vec![any(&[0])], Box::new(a)),
        (vec![any(&[0, 1])], Box::new(move |n| a(n) || b(n))),
        (vec![any(&[0, 1]), any(&[2])], Box::new(move |n| (a(n) || b(n)) && c(n))),
        (vec![any(&[3])], Box::new(|n| n == 1)),
        (vec![], Box::new(|_| true)),
        (vec![any(&[])], Box::new(|_| false)),
        (vec![any(&[0]), any(&[])], Box::new(|_| false)),
        (vec![negative.clone()], Box::new(move |n| has(n) && size_of(n) < 0)),
        (vec![several], Box::new(move |n| has(n) && ((-5..=5).contains(&size_of(n)) || size_of(n) >= 25))),
        (vec![negative, any(&[1])], Box::new(move |n| has(n) && size_of(n) < 0 && b(n))),
    ];
    for (conditions, holds) in cases {
        for sort in SORTS {
            let expected = in_order(&(0..COUNT).filter(|n| holds(*n)).collect::<Vec<_>>(), sort);
            for limit in [3, 100] {
                let plain = by(conditions.clone());
                assert_eq!(listed(&db, &plain, sort, limit).await, expected, "{sort:?} {limit} {conditions:?}");
                let search = SearchText::parse("cup").unwrap();
                let searched = ProductFilter { search, status: Some(ProductStatus::Active), ..plain };
                assert_eq!(listed(&db, &searched, sort, limit).await, expected, "{sort:?} {limit} {conditions:?}");
            }
        }
    }
    let after = ProductFilter { updated_after: Some(NOW), max_price: Some(20), ..by(vec![any(&[2])]) };
    assert_eq!(listed(&db, &after, ProductSort::UpdatedAt, 2).await, [1, 6, 11, 16]);
}

async fn few_products_of_a_term_are_found_however_far_they_are_r220(db: TestDb) {
    const COUNT: usize = 12_000;
    const RARE: [usize; 6] = [3, 700, 5_000, 11_100, 11_300, 11_990];
    let all = add(&db, COUNT).await;
    let (tag, category) = (built_in(&db, "tag").await, built_in(&db, "category").await);
    let (rare, rarer) = (add_term(&db, &tag, "rare", None).await.id, add_term(&db, &category, "rarer", None).await.id);
    let common = add_term(&db, &tag, "common", None).await.id;
    give(&db, rare, RARE.iter().map(|n| &all[*n])).await;
    give(&db, rarer, RARE[3..].iter().chain([&9_000, &9_001]).map(|n| &all[*n])).await;
    give(&db, common, all[..11_200].iter()).await;
    let terms = |terms: &[TermId]| AttributeCondition::Terms(tag.id, terms.to_vec());
    for sort in SORTS {
        for limit in [2, 100] {
            // Each page is full, which no look at the next products in order would make it.
            let found = listed(&db, &by(vec![terms(&[rare])]), sort, limit).await;
            assert_eq!(found, in_order(&RARE, sort), "{sort:?} {limit}");
            let both = by(vec![terms(&[rare]), terms(&[common]), terms(&[rarer, common])]);
            assert_eq!(listed(&db, &both, sort, limit).await, in_order(&RARE[..4], sort), "{sort:?} {limit}");
            let both = ProductFilter {
                status: Some(ProductStatus::Active),
                in_stock: Some(true),
                ..by(vec![terms(&[rare]), terms(&[rarer])])
            };
            assert_eq!(listed(&db, &both, sort, limit).await, in_order(&RARE[3..], sort), "{sort:?} {limit}");
        }
        // A term of most products fills the page from the next in order.
        let page = db.database.queries().products.list(&by(vec![terms(&[common])]), sort, &first(20)).await.unwrap();
        assert_eq!(page.items.len(), if page.next.is_some() { page.items.len() } else { 20 });
        assert!(page.items.iter().all(|view| view.product.price.amount() < 11_200));
    }
    let search = SearchText::parse("cup").unwrap();
    let searched = ProductFilter { search, ..by(vec![terms(&[rare])]) };
    assert_eq!(listed(&db, &searched, ProductSort::Relevance, 100).await, in_order(&RARE, ProductSort::Relevance));
    let of_nobody = by(vec![AttributeCondition::Terms(tag.id, vec![TermId(Uuid::from_u128(1))])]);
    assert_eq!(listed(&db, &of_nobody, ProductSort::Price, 100).await, [0; 0]);
}
