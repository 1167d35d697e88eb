//! Products as those read them who count them.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::attributes::AttributeId;
use domain::catalogue::{CatalogueQueries, CountedProduct};
use domain::groups::GroupId;
use domain::products::{ProductFilter, ProductId, ProductSort, ProductStatus};
use domain::terms::TermId;
use domain::{StoreError, Uuid};
use sea_orm::Value;

use super::product_list::{Found, List};
use super::product_order::Sorting;
use super::product_page::{cannot_pass, rest_of};
use super::product_pins::Except;
use super::product_search::{WordsCondition, by_barcode};
use super::tokens::SearchIn;
use crate::db::convert::stored;
use crate::db::engine::{Error, Executor as _, Pool, Row, Statement};
use crate::db::repositories::{DbQueries, ViewRow};

/// How many products one statement names.
const AT_ONCE: usize = 500;

const PRODUCTS: &str = "SELECT p.id, p.group_id, p.price, p.status, p.compare_at_price, s.on_hand, p.name
    FROM products p LEFT JOIN stock s ON s.product_id = p.id WHERE p.id";
const TERMS: &str = "SELECT x.product_id, t.attribute_id, x.term_id
    FROM product_terms x JOIN terms t ON t.id = x.term_id WHERE x.product_id";
const NUMBERS: &str = "SELECT x.product_id, x.attribute_id, x.number
    FROM product_values x WHERE x.number IS NOT NULL AND x.product_id";

#[async_trait]
impl CatalogueQueries for DbQueries {
    async fn counted_after(&self, after: Option<ProductId>, limit: u64) -> Result<Vec<CountedProduct>, StoreError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let next = Statement::new(format!("{PRODUCTS} > ? ORDER BY p.id LIMIT ?"), [after.into(), limit.into()]);
        let products = products(&self.lists, next).await?;
        let Some(last) = products.last().map(|product| product.id.0) else { return Ok(products) };
        let range = |sql: &str| Statement::new(format!("{sql} BETWEEN ? AND ?"), [after.into(), last.into()]);
        Ok(filled(products, &self.lists, range).await?)
    }

    async fn counted(&self, ids: &[ProductId]) -> Result<Vec<CountedProduct>, StoreError> {
        let mut ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut all = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            let places = vec!["?"; some.len()].join(", ");
            let named = |sql: &str, end: &str| {
                Statement::new(format!("{sql} IN ({places}){end}"), some.iter().map(|id| Value::from(*id)))
            };
            let products = products(&self.lists, named(PRODUCTS, " ORDER BY p.id")).await?;
            all.extend(filled(products, &self.lists, |sql| named(sql, "")).await?);
        }
        Ok(all)
    }

    async fn passing(&self, filter: &ProductFilter, most: u64) -> Result<Option<Vec<ProductId>>, StoreError> {
        let sort = filter.updated_after.map_or(ProductSort::CreatedAt, |_| ProductSort::UpdatedAt);
        if cannot_pass(filter) {
            return Ok(Some(Vec::new()));
        }
        let filter = &ProductFilter { is_collapsed: false, ..filter.clone() };
        let others = match &filter.collection {
            Some(collected) => match rest_of(filter, collected) {
                Some(rest) => self.passing(&rest, most).await?,
                None => Some(Vec::new()),
            },
            None => None,
        };
        let is_renewed = filter.search.is_none() || self.products.is_done(&self.lists).await?;
        let (search, search_in) = (filter.search.as_ref(), SearchIn::Anywhere);
        let by_barcode = by_barcode(search, &self.lists).await?;
        let words = search.map(|search| WordsCondition { search, is_renewed, search_in, by_barcode });
        let (backend, sorting) = (self.lists.backend(), Sorting::of(sort, is_renewed));
        let wanted = most.saturating_add(1);
        let (except, amid) = (Except::default(), None);
        let list = List { backend, filter, sorting, words, is_ranked: false, after: None, wanted, except, amid };
        if let Some(collected) = &filter.collection {
            let Some(others) = others else { return Ok(None) };
            let pins = list.pins(&collected.pins, &self.lists).await?.into_iter().map(ProductId);
            let all: BTreeSet<_> = others.into_iter().chain(pins).collect();
            let are_all = u64::try_from(all.len()).is_ok_and(|count| count <= most);
            return Ok(are_all.then(|| all.into_iter().collect()));
        }
        let Found { rows, stop } = list.read(&self.lists, &self.samples).await?;
        // Where the reading stops before the end, nobody knows how many there are.
        let are_all = stop.is_none() && u64::try_from(rows.len()).is_ok_and(|count| count <= most);
        Ok(are_all.then(|| rows.iter().map(ViewRow::id).collect()))
    }
}

async fn products(db: &Pool, statement: Statement) -> Result<Vec<CountedProduct>, StoreError> {
    db.run(statement).await?.rows.iter().map(product).collect()
}

fn product(row: &Row) -> Result<CountedProduct, StoreError> {
    let (group, on_hand): (Option<Uuid>, Option<i64>) = (row.at(1)?, row.at(5)?);
    let (status, reduced_from): (String, Option<i64>) = (row.at(3)?, row.at(4)?);
    Ok(CountedProduct {
        id: ProductId(row.at(0)?),
        name: row.at(6)?,
        group_id: group.map(GroupId),
        price: row.at(2)?,
        status: stored("product status", ProductStatus::parse(&status))?,
        in_stock: on_hand.is_some_and(|on_hand| on_hand > 0),
        on_sale: reduced_from.is_some(),
        terms: Vec::new(),
        numbers: Vec::new(),
    })
}

/// The products with what they have of attributes, which these statements read.
async fn filled(
    mut products: Vec<CountedProduct>,
    db: &Pool,
    read: impl Fn(&str) -> Statement,
) -> Result<Vec<CountedProduct>, Error> {
    let places: HashMap<_, _> = products.iter().enumerate().map(|(place, product)| (product.id.0, place)).collect();
    for row in &db.run(read(TERMS)).await?.rows {
        let (product, attribute, term): (Uuid, Uuid, Uuid) = (row.at(0)?, row.at(1)?, row.at(2)?);
        if let Some(product) = places.get(&product).and_then(|place| products.get_mut(*place)) {
            product.terms.push((AttributeId(attribute), TermId(term)));
        }
    }
    for row in &db.run(read(NUMBERS)).await?.rows {
        let (product, attribute, number): (Uuid, Uuid, i64) = (row.at(0)?, row.at(1)?, row.at(2)?);
        if let Some(product) = places.get(&product).and_then(|place| products.get_mut(*place)) {
            product.numbers.push((AttributeId(attribute), number));
        }
    }
    Ok(products)
}
