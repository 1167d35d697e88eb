//! Lists in which each product group comes once, against a slow oracle on random shops.

use std::collections::HashSet;

use domain::products::{Product, ProductFilter, ProductSort, ProductStatus, Sku};
use domain::stock::Stock;
use domain::terms::{AttributeCondition, TermId};
use domain::{Price, SearchText, Uuid};
use sea_orm::ConnectionTrait;

use crate::attributes::built_in;
use crate::support::{NOW, TestDb, every_page, product};
use crate::terms::add_term;

on_every_database!(each_group_comes_once_at_its_first_product_that_passes_r208);

pub const SORTS: [ProductSort; 8] = [
    ProductSort::CreatedAt,
    ProductSort::CreatedAtDescending,
    ProductSort::Name,
    ProductSort::NameDescending,
    ProductSort::Price,
    ProductSort::PriceDescending,
    ProductSort::Relevance,
    ProductSort::UpdatedAt,
];

/// Numbers that look random, and are the same in each run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[derive(Clone)]
pub struct Known {
    pub product: Product,
    pub on_hand: i64,
    pub group: Option<u64>,
    pub is_tagged: bool,
}

fn hex(id: Uuid) -> String {
    format!("X'{}'", id.simple())
}

/// Adds random products, some of them in groups, some with the tag.
pub async fn add(db: &TestDb, random: &mut Random, round: u64, tag: TermId) -> Vec<Known> {
    const COUNT: u64 = 40;
    let mut all = Vec::new();
    for number in 0..COUNT {
        let noun = ["Mug", "Cup", "Bowl"][usize::try_from(random.below(3)).unwrap()];
        let colour = if random.below(2) == 0 { "blue" } else { "red" };
        let sku = format!("s{round}x{number}z");
        let made = product(&format!("{colour} {noun} {}", random.below(4)), Some(&sku));
        let status = if random.below(5) == 0 { ProductStatus::Archived } else { ProductStatus::Active };
        let price = Price::parse(i64::try_from(random.below(6)).unwrap()).unwrap();
        let later = std::time::Duration::from_secs(random.below(4));
        let description = domain::products::Description::parse(if random.below(3) == 0 { "mug" } else { "x" }).ok();
        all.push(Known {
            product: Product { status, price, description, updated_at: NOW + later, ..made },
            on_hand: i64::try_from(random.below(3)).unwrap(),
            group: Some(random.below(14)).filter(|group| *group < 10),
            is_tagged: random.below(2) == 0,
        });
    }
    let rows: Vec<_> =
        all.iter().map(|one| (one.product.clone(), Stock::new(one.product.id, one.on_hand, NOW))).collect();
    db.database.bulk_products(&rows).await.unwrap();
    for one in &all {
        let id = hex(one.product.id.0);
        if let Some(group) = one.group {
            let group = hex(Uuid::from_u128(u128::from(round * 100 + group + 1)));
            db.raw
                .execute_unprepared(&format!("UPDATE products SET group_id = {group} WHERE id = {id}"))
                .await
                .unwrap();
        }
        if one.is_tagged {
            let row = format!("INSERT INTO product_terms VALUES ({id}, {}, 0, 0)", hex(tag.0));
            db.raw.execute_unprepared(&row).await.unwrap();
        }
    }
    all
}

fn has_word(one: &Known, text: &str) -> bool {
    let name = one.product.name.as_str().to_lowercase();
    let description = one.product.description.as_ref().map_or("", |text| text.as_str());
    name.contains(text)
        || description.contains(text)
        || one.product.sku.as_ref().is_some_and(|sku| sku.as_str() == text)
}

pub fn passes(one: &Known, filter: &ProductFilter, word: Option<&str>) -> bool {
    let amount = one.product.price.amount();
    word.is_none_or(|word| has_word(one, word))
        && filter.status.is_none_or(|status| one.product.status == status)
        && filter.min_price.is_none_or(|least| amount >= least)
        && filter.max_price.is_none_or(|most| amount <= most)
        && filter.in_stock.is_none_or(|wanted| (one.on_hand > 0) == wanted)
        && (filter.attributes.is_empty() || one.is_tagged)
        && (filter.skus.is_empty() || one.product.sku.as_ref().is_some_and(|sku| filter.skus.contains(sku)))
        && filter.updated_after.is_none_or(|from| one.product.updated_at >= from)
}

/// What stands before what in an order.
pub fn key(one: &Known, sort: ProductSort, word: Option<&str>) -> (String, i64) {
    let name = one.product.name.as_str().to_lowercase();
    match sort {
        ProductSort::Name | ProductSort::NameDescending => (name, 0),
        ProductSort::Price | ProductSort::PriceDescending => (String::new(), one.product.price.amount()),
        ProductSort::UpdatedAt => (String::new(), (one.product.updated_at - NOW).whole_seconds()),
        ProductSort::Relevance => {
            let tier = word.map_or(0, |word| match () {
                () if one.product.sku.as_ref().is_some_and(|sku| sku.as_str() == word) => -1,
                () if name.contains(word) => -2,
                () => -3,
            });
            // The least tier comes first, and this order is turned round.
            (
                String::new(),
                if tier == -1 {
                    3
                } else if tier == -2 {
                    2
                } else {
                    1
                },
            )
        }
        ProductSort::CreatedAt | ProductSort::CreatedAtDescending => (String::new(), 0),
    }
}

/// Puts products into an order.
pub fn put_in_order(found: &mut [&Known], sort: ProductSort, word: Option<&str>) {
    found.sort_by_key(|one| (key(one, sort, word), one.product.id));
    let is_upwards =
        matches!(sort, ProductSort::CreatedAt | ProductSort::Name | ProductSort::Price | ProductSort::UpdatedAt);
    if !is_upwards {
        found.reverse();
    }
}

/// The ids of these products, where each group comes once.
pub fn collapsed(found: &[&Known]) -> Vec<Uuid> {
    let mut seen = HashSet::new();
    let is_first = |one: &&&Known| one.group.is_none_or(|group| seen.insert(group));
    found.iter().filter(is_first).map(|one| one.product.id.0).collect()
}

fn expected(all: &[Known], filter: &ProductFilter, sort: ProductSort, word: Option<&str>) -> Vec<Uuid> {
    let mut found: Vec<_> = all.iter().filter(|one| passes(one, filter, word)).collect();
    put_in_order(&mut found, sort, word);
    collapsed(&found)
}

async fn each_group_comes_once_at_its_first_product_that_passes_r208(db: TestDb) {
    let attribute = built_in(&db, "tag").await;
    let tag = add_term(&db, &attribute, "new", None).await.id;
    let mut random = Random(if db.is_sqlite() { 7 } else { 8 });
    let rounds = if db.is_sqlite() { 40 } else { 12 };
    for round in 0..rounds {
        let all = add(&db, &mut random, round, tag).await;
        for sort in SORTS {
            let mut filter = ProductFilter { is_collapsed: true, ..ProductFilter::default() };
            let sku = format!("s{round}x3z");
            let word = match random.below(5) {
                0 => Some("blue"),
                1 => Some("mug"),
                2 => Some(sku.as_str()),
                _ => None,
            };
            filter.search = word.map(|word| SearchText::parse(word).unwrap().unwrap());
            if random.below(2) == 0 {
                filter.status = Some(ProductStatus::Active);
            }
            match random.below(6) {
                0 => filter.min_price = Some(2),
                1 => filter.max_price = Some(3),
                2 => filter.in_stock = Some(random.below(2) == 0),
                3 => filter.attributes = vec![AttributeCondition::Terms(attribute.id, vec![tag])],
                4 => filter.skus = (0..20).map(|n| Sku::parse(&format!("s{round}x{n}z")).unwrap()).collect(),
                _ => {}
            }
            if sort == ProductSort::UpdatedAt {
                filter.updated_after = Some(NOW + std::time::Duration::from_secs(random.below(3)));
            }
            let queries = db.database.queries().products;
            let limit = i64::try_from(1 + random.below(7)).unwrap();
            let listed = every_page(limit, async |page| queries.list(&filter, sort, &page).await.unwrap()).await;
            let listed: Vec<_> = listed.into_iter().map(|view| view.product.id.0).collect();
            assert_eq!(listed, expected(&all, &filter, sort, word), "round {round}: {sort:?} {filter:?}");
        }
        clear(&db).await;
    }
}

/// Removes all products.
pub async fn clear(db: &TestDb) {
    for table in ["product_terms", "stock_movements", "stock", "products", "product_samples", "product_words"] {
        db.raw.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
    }
    if db.is_sqlite() {
        let clear = "INSERT INTO product_search (product_search) VALUES ('rebuild')";
        db.raw.execute_unprepared(clear).await.unwrap();
    }
}
