//! Lists of the products of collections, against a slow oracle on random shops.

use std::collections::BTreeMap;

use domain::catalogue::{CatalogueCounts, Question};
use domain::products::{Collected, Product, ProductFilter, ProductId, ProductSort, ProductStatus, Sku};
use domain::stock::Stock;
use domain::terms::AttributeCondition;
use domain::{CursorKey, Price, SearchText, Uuid};
use infrastructure::catalogue_index::CatalogueIndex;

use crate::attributes::built_in;
use crate::collapsed_lists::{Known, Random, SORTS, add, clear, collapsed, passes, put_in_order};
use crate::support::{NOW, TestDb, every_page, first, product};
use crate::terms::add_term;

on_every_database!(
    a_collection_is_its_pins_and_what_its_filter_finds_in_every_order_r227,
    a_page_of_a_collection_is_full_however_far_its_products_are_r227,
    a_page_goes_on_after_a_pin_that_has_moved_or_is_none_any_more_r227,
);

/// What a list of a collection has.
fn expected(
    all: &[Known],
    filter: &ProductFilter,
    collected: &Collected,
    sort: ProductSort,
    word: Option<&str>,
) -> Vec<Uuid> {
    let is_pin = |one: &&Known| collected.pins.contains(&one.product.id);
    let asked: Vec<_> = all.iter().filter(|one| passes(one, filter, word)).collect();
    let is_of_rest = |one: &&Known| collected.rest.as_ref().is_some_and(|rest| passes(one, rest, None));
    let mut found: Vec<_> = asked.iter().copied().filter(|one| !is_pin(one) && is_of_rest(one)).collect();
    let pins = || collected.pins.iter().filter_map(|id| asked.iter().find(|one| one.product.id == *id).copied());
    let found: Vec<_> = if collected.leads {
        put_in_order(&mut found, sort, word);
        pins().chain(found).collect()
    } else {
        found.extend(pins());
        put_in_order(&mut found, sort, word);
        found
    };
    if filter.is_collapsed { collapsed(&found) } else { found.iter().map(|one| one.product.id.0).collect() }
}

/// A random collection of these products.
fn collection(random: &mut Random, all: &[Known], conditions: &[AttributeCondition]) -> Collected {
    let mut pins: BTreeMap<u64, ProductId> = BTreeMap::new();
    let count = [0, 1, 5, 12][usize::try_from(random.below(4)).unwrap()];
    for _ in 0..count {
        let one = &all[usize::try_from(random.below(40)).unwrap()];
        if !pins.values().any(|id| *id == one.product.id) {
            pins.insert(random.below(1 << 30), one.product.id);
        }
    }
    let rest = match random.below(6) {
        0 => None,
        1 => Some(ProductFilter::default()),
        2 => Some(ProductFilter { min_price: Some(3), ..ProductFilter::default() }),
        3 => Some(ProductFilter { max_price: Some(2), in_stock: Some(true), ..ProductFilter::default() }),
        4 => Some(ProductFilter { status: Some(ProductStatus::Archived), ..ProductFilter::default() }),
        _ => Some(ProductFilter { attributes: conditions.to_vec(), ..ProductFilter::default() }),
    };
    Collected { pins: pins.into_values().collect(), rest: rest.map(Box::new), leads: random.below(2) == 0 }
}

async fn a_collection_is_its_pins_and_what_its_filter_finds_in_every_order_r227(db: TestDb) {
    let attribute = built_in(&db, "tag").await;
    let tag = add_term(&db, &attribute, "new", None).await.id;
    let conditions = [AttributeCondition::Terms(attribute.id, vec![tag])];
    let mut random = Random(if db.is_sqlite() { 17 } else { 18 });
    let rounds = if db.is_sqlite() { 40 } else { 12 };
    let queries = db.database.queries();
    // Without an index lists are counted by what passes.
    let counts = CatalogueIndex::new(queries.catalogue.clone(), db.database.changes(), 0);
    for round in 0..rounds {
        let all = add(&db, &mut random, round, tag).await;
        for sort in SORTS {
            let sku = format!("s{round}x3z");
            let word = match random.below(5) {
                0 => Some("blue"),
                1 => Some("mug"),
                2 => Some(sku.as_str()),
                _ => None,
            };
            let mut filter = ProductFilter { is_collapsed: random.below(2) == 0, ..ProductFilter::default() };
            filter.search = word.map(|word| SearchText::parse(word).unwrap().unwrap());
            if random.below(2) == 0 {
                filter.status = Some(ProductStatus::Active);
            }
            match random.below(6) {
                0 => filter.min_price = Some(2),
                1 => filter.in_stock = Some(random.below(2) == 0),
                2 => filter.attributes = conditions.to_vec(),
                3 => filter.skus = (0..20).map(|n| Sku::parse(&format!("s{round}x{n}z")).unwrap()).collect(),
                _ => {}
            }
            if sort == ProductSort::UpdatedAt {
                filter.updated_after = Some(NOW + std::time::Duration::from_secs(random.below(3)));
            }
            let collected = collection(&mut random, &all, &conditions);
            let expected = expected(&all, &filter, &collected, sort, word);
            filter.collection = Some(collected);
            let limit = i64::try_from(1 + random.below(7)).unwrap();
            let list = async |page| queries.products.list(&filter, sort, &page).await.unwrap();
            let listed: Vec<_> = every_page(limit, list).await.into_iter().map(|view| view.product.id.0).collect();
            assert_eq!(listed, expected, "round {round}: {sort:?} {limit} {filter:?}");
            let question = Question { filter: filter.clone(), facets: Vec::new() };
            let total = counts.counts(&question).await.unwrap().unwrap().total;
            assert_eq!(total, u64::try_from(expected.len()).unwrap(), "round {round}: {filter:?}");
        }
        clear(&db).await;
    }
}

/// Product `n` is called after `n` and costs `n`.
async fn numbered(db: &TestDb, count: usize) -> Vec<Product> {
    let made = |n: usize| {
        let price = Price::parse(i64::try_from(n).unwrap()).unwrap();
        Product { price, ..product(&format!("Cup {n:05}"), None) }
    };
    let goods: Vec<_> = (0..count).map(made).map(|made| (made.clone(), Stock::new(made.id, 1, NOW))).collect();
    for some in goods.chunks(1_000) {
        db.database.bulk_products(some).await.unwrap();
    }
    goods.into_iter().map(|(product, _)| product).collect()
}

async fn a_page_of_a_collection_is_full_however_far_its_products_are_r227(db: TestDb) {
    let all = numbered(&db, 12_000).await;
    let dear = ProductFilter { min_price: Some(11_990), ..ProductFilter::default() };
    let pins: Vec<_> = [11_995, 3, 9_000].iter().map(|n| all[*n].id).collect();
    for (leads, expected) in [
        (true, [11_995, 3, 9_000, 11_990, 11_991, 11_992, 11_993, 11_994, 11_996]),
        (false, [3, 9_000, 11_990, 11_991, 11_992, 11_993, 11_994, 11_995, 11_996]),
    ] {
        let collected = Collected { pins: pins.clone(), rest: Some(Box::new(dear.clone())), leads };
        let filter = ProductFilter { collection: Some(collected), ..ProductFilter::default() };
        for sort in [ProductSort::CreatedAt, ProductSort::Name] {
            let page = db.database.queries().products.list(&filter, sort, &first(9)).await.unwrap();
            let prices: Vec<_> = page.items.iter().map(|view| view.product.price.amount()).collect();
            assert_eq!(prices, expected, "{leads} {sort:?}");
        }
    }
}

async fn a_page_goes_on_after_a_pin_that_has_moved_or_is_none_any_more_r227(db: TestDb) {
    let all = numbered(&db, 6).await;
    let list = async |pins: &[usize], sort, page| {
        let pins = pins.iter().map(|n| all[*n].id).collect();
        let collected = Collected { pins, rest: Some(Box::default()), leads: true };
        let filter = ProductFilter { collection: Some(collected), ..ProductFilter::default() };
        let page = db.database.queries().products.list(&filter, sort, &page).await.unwrap();
        (page.items.iter().map(|view| view.product.price.amount()).collect::<Vec<_>>(), page.next)
    };
    let (seen, next) = list(&[5, 4, 3], ProductSort::CreatedAt, first(2)).await;
    assert_eq!((seen, next.as_ref().map(|next| next.key.clone())), (vec![5, 4], Some(CursorKey::Pin(1))));
    let mut page = first(2);
    page.after = next;
    for (pins, seen) in [([5, 4, 3], [3, 0]), ([4, 5, 3], [5, 3]), ([5, 3, 2], [2, 0])] {
        assert_eq!(list(&pins, ProductSort::CreatedAt, page.clone()).await.0, seen, "{pins:?}");
    }
    // The order has changed since the page before: what is sorted begins anew.
    let (_, next) = list(&[5], ProductSort::CreatedAt, first(3)).await;
    page.after = next;
    assert_eq!(list(&[5], ProductSort::PriceDescending, page.clone()).await.0, [4, 3]);
}
