//! Plans of lists: what the databases do for each filter and each order that there is. A list reads what an index names,
//! in order or little of it, and never a whole table.

use domain::attributes::{AttributeId, NumberRange};
use domain::carts::CartAge;
use domain::customers::{CustomerFilter, CustomerSort, EmailAddress};
use domain::orders::{
    OrderFilter, OrderPaymentStatus, OrderScope, OrderSearch, OrderSort, OrderStage, OrderStatus, TrackingNumber,
};
use domain::products::{Barcode, Collected, ProductFilter, ProductSort, ProductStatus, Sku};
use domain::terms::{AttributeCondition, TermId};
use domain::{Limit, Page, PageRequest, SearchText, StoreError};

use super::shop::{Server, Shop};
use crate::db::engine::tests::noted::noting;
use crate::db::engine::{Executor as _, Row, Statement};

/// Tables that a statement may read whole, because they never have more rows than it wants: a sample of the words, and the
/// attributes of a shop.
const SMALL: [&str; 2] = ["product_samples", "attributes"];

/// A step of a plan, as a database says it.
#[derive(Debug)]
struct Step {
    text: String,
    /// Whether it reads a whole table, or sorts what it read by an index from end to end.
    is_bad: bool,
}

impl Shop {
    /// What the database would do for a statement.
    async fn plan(&self, Statement { sql, values, .. }: Statement) -> Vec<Step> {
        let pool = &self.database.pools.lists;
        let explain = match self.server {
            Server::Sqlite => "EXPLAIN QUERY PLAN",
            // Newer ones draw a tree unless they are asked for a table.
            Server::MySql => "EXPLAIN FORMAT=TRADITIONAL",
            Server::MariaDb => "EXPLAIN",
        };
        let rows = pool.run(Statement::new(format!("{explain} {sql}"), values)).await.unwrap().rows;
        if self.server == Server::Sqlite {
            return of_sqlite(&rows);
        }
        rows.iter().map(|row| self.of_server(row)).collect()
    }

    fn of_server(&self, row: &Row) -> Step {
        let text = |column| row.at::<Option<String>>(column).unwrap().unwrap_or_default();
        // MySQL also says which partitions are read, and how many rows remain.
        let (kind, key, extra) = match self.server {
            Server::MySql => (text(4), text(6), text(11)),
            _ => (text(3), text(5), text(9)),
        };
        let table = text(2);
        // What another step has made, such as `<derived2>`, is read whole.
        let is_table = !table.starts_with('<') && !table.is_empty() && !SMALL.contains(&table.as_str());
        let is_whole = kind == "ALL" || kind == "index" && extra.contains("filesort");
        Step { text: format!("{table} {kind} {key} {extra}"), is_bad: is_table && is_whole }
    }

    /// The bad plans of a list: of its first page, and of the next one.
    async fn bad<T>(&self, what: &str, read: impl AsyncFn(PageRequest) -> Result<Page<T>, StoreError>) -> Vec<String> {
        let mut bad = Vec::new();
        let mut page = PageRequest { limit: Limit::DEFAULT, after: None };
        for place in ["first", "next"] {
            let (found, statements) = noting(read(page.clone())).await;
            assert!(!statements.is_empty(), "{what}: nothing was asked for");
            for statement in statements {
                let plan = self.plan(statement.clone()).await;
                if plan.iter().any(|step| step.is_bad) {
                    let steps: Vec<_> = plan.into_iter().map(|step| step.text).collect();
                    bad.push(format!("{what}, {place} page:\n  {}\n  {}", statement.sql, steps.join("\n  ")));
                }
            }
            let Some(next) = found.unwrap().next else { break };
            page.after = Some(next);
        }
        bad
    }
}

fn of_sqlite(rows: &[Row]) -> Vec<Step> {
    let texts: Vec<String> = rows.iter().map(|row| row.at(3).unwrap()).collect();
    // What another step makes is read whole.
    let made: Vec<_> = texts
        .iter()
        .filter_map(|text| text.strip_prefix("CO-ROUTINE ").or_else(|| text.strip_prefix("MATERIALIZE ")))
        .collect();
    let is_bad = |text: &str| {
        let table = text.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        let is_table = |table: &str| {
            !table.starts_with('(') && table != "CONSTANT" && !SMALL.contains(&table) && !made.contains(&table)
        };
        table.is_some_and(is_table) && !text.contains(" USING ") && !text.contains("VIRTUAL TABLE")
    };
    texts.iter().map(|text| Step { text: text.clone(), is_bad: is_bad(text) }).collect()
}

fn condition(attribute: AttributeId, terms: &[TermId]) -> AttributeCondition {
    AttributeCondition::Terms(attribute, terms.to_vec())
}

/// The filters of products, each alone and with others.
fn filters(shop: &Shop) -> Vec<(&'static str, ProductFilter)> {
    let any = ProductFilter::default;
    let numbers = AttributeCondition::Numbers(shop.size, vec![NumberRange { from: Some(3), to: Some(5) }]);
    let (tag, terms) = (shop.tag, &shop.terms);
    let rare = condition(tag, &terms[..1]);
    let common = condition(tag, &terms[terms.len() - 1..]);
    let active = Some(ProductStatus::Active);
    let search = |text: &str| SearchText::parse(text).unwrap();
    let rest = ProductFilter { attributes: vec![common.clone()], ..any() };
    let collected =
        |leads| Some(Collected { pins: shop.products[..5].to_vec(), rest: Some(Box::new(rest.clone())), leads });
    vec![
        ("all", any()),
        ("status", ProductFilter { status: active, ..any() }),
        ("price", ProductFilter { min_price: Some(2000), max_price: Some(2100), ..any() }),
        ("status, price", ProductFilter { status: active, min_price: Some(2000), ..any() }),
        ("in stock", ProductFilter { status: active, in_stock: Some(true), ..any() }),
        ("out of stock", ProductFilter { in_stock: Some(false), ..any() }),
        ("on sale", ProductFilter { status: active, on_sale: Some(true), ..any() }),
        ("SKUs", ProductFilter { skus: vec![Sku::parse("PLAN-7").unwrap(), Sku::parse("PLAN-9").unwrap()], ..any() }),
        ("barcode", ProductFilter { barcodes: vec![Barcode::parse("4006381333931").unwrap()], ..any() }),
        ("rare term", ProductFilter { attributes: vec![rare.clone()], ..any() }),
        ("common term", ProductFilter { status: active, attributes: vec![common.clone()], ..any() }),
        ("category with all below it", ProductFilter { attributes: vec![condition(tag, terms)], ..any() }),
        ("numbers", ProductFilter { status: active, attributes: vec![numbers.clone()], ..any() }),
        (
            "terms, numbers, price",
            ProductFilter { attributes: vec![rare, common, numbers], max_price: Some(3000), ..any() },
        ),
        ("common word", ProductFilter { search: search("mug"), status: active, ..any() }),
        ("rare word", ProductFilter { search: search("plan-1234"), ..any() }),
        ("collection", ProductFilter { collection: collected(true), status: active, ..any() }),
        ("collection among others", ProductFilter { collection: collected(false), ..any() }),
    ]
}

async fn bad_of_products(shop: &Shop) -> Vec<String> {
    let products = shop.database.queries().products;
    let mut bad = Vec::new();
    let sorts = ProductSort::ALL.into_iter().map(|(_, sort)| sort);
    let sorts: Vec<_> = sorts.filter(|sort| *sort != ProductSort::Relevance).collect();
    for (name, filter) in filters(shop) {
        for is_collapsed in [false, true] {
            let filter = ProductFilter { is_collapsed, ..filter.clone() };
            let ranked = filter.search.as_ref().map(|_| ProductSort::Relevance);
            for sort in sorts.iter().copied().chain(ranked) {
                if filter.collection.as_ref().is_some_and(|collected| collected.leads) && sort != ProductSort::CreatedAt
                {
                    continue;
                }
                let what = format!("{name}, by {}{}", sort.as_str(), if is_collapsed { ", collapsed" } else { "" });
                bad.extend(shop.bad(&what, async |page| products.list(&filter, sort, &page).await).await);
            }
        }
    }
    for status in [None, Some(ProductStatus::Active)] {
        let filter = ProductFilter { updated_after: Some(shop.middle), status, ..ProductFilter::default() };
        let read = async |page| products.list(&filter, ProductSort::UpdatedAt, &page).await;
        bad.extend(shop.bad("changed after", read).await);
    }
    bad
}

async fn bad_of_orders_and_customers(shop: &Shop) -> Vec<String> {
    let queries = shop.database.queries();
    let any = OrderFilter::default;
    let (status, middle) = (Some(OrderStatus::Placed), Some(shop.middle));
    let filters = [
        ("all orders", any()),
        ("number", OrderFilter { number: Some(shop.order.1), ..any() }),
        ("ids", OrderFilter { ids: vec![shop.order.0], ..any() }),
        ("tracking number", OrderFilter { tracking_number: TrackingNumber::parse("T7").ok(), ..any() }),
        ("product", OrderFilter { product_id: shop.products.first().copied(), ..any() }),
        ("customer", OrderFilter { customer_id: Some(shop.customer), ..any() }),
        ("status", OrderFilter { status, ..any() }),
        ("status, oldest first", OrderFilter { status, sort: Some(OrderSort::Oldest), ..any() }),
        ("to be shipped", OrderFilter { stage: Some(OrderStage::ToShip), ..any() }),
        ("open, oldest first", OrderFilter { stage: Some(OrderStage::Open), sort: Some(OrderSort::Oldest), ..any() }),
        ("payment", OrderFilter { payment_status: Some(OrderPaymentStatus::Paid), ..any() }),
        ("no payment", OrderFilter { payment_status: Some(OrderPaymentStatus::NotRequired), ..any() }),
        ("placed after", OrderFilter { placed_after: middle, ..any() }),
        ("placed before, status", OrderFilter { placed_before: middle, status, ..any() }),
        ("changed after", OrderFilter { updated_after: middle, ..any() }),
        ("word", OrderFilter { search: OrderSearch::parse("ann7").ok(), ..any() }),
        ("id", OrderFilter { search: OrderSearch::parse(&shop.order.0.to_string()[..8]).ok(), ..any() }),
    ];
    let mut bad = Vec::new();
    for (name, filter) in filters {
        for scope in [OrderScope::All, OrderScope::Of(shop.customer)] {
            let read = async |page| queries.orders.list(scope, &filter, &page).await;
            bad.extend(shop.bad(&format!("{name} of {scope:?}"), read).await);
        }
    }
    let customers = [
        ("all customers", CustomerFilter::default()),
        ("new customers", CustomerFilter { sort: Some(CustomerSort::Newest), ..CustomerFilter::default() }),
        ("email", CustomerFilter { email: EmailAddress::parse("ann7@example.com").ok(), ..CustomerFilter::default() }),
        ("word", CustomerFilter { search: SearchText::parse("ann7").unwrap(), ..CustomerFilter::default() }),
        ("customers changed after", CustomerFilter { updated_after: middle, ..CustomerFilter::default() }),
    ];
    for (name, filter) in customers {
        bad.extend(shop.bad(name, async |page| queries.customers.list(&filter, &page).await).await);
    }
    bad
}

/// What housekeeping looks for outside of transactions, and what waits to be done.
async fn bad_of_work(shop: &Shop) -> Vec<String> {
    let queries = shop.database.queries();
    let (before, age) = (shop.middle, CartAge { updated_at: shop.middle, customer_id: shop.customer });
    let nothing = |()| Page { items: Vec::<()>::new(), next: None };
    let mut bad = Vec::new();
    for (after, id) in [(None, None), (Some(age), Some(shop.customer))] {
        let carts = async |_| queries.carts.unchanged(before, after, 100).await.map(drop).map(nothing);
        bad.extend(shop.bad("old carts", carts).await);
        let customers = async |_| queries.customers.idle(before, id, 100).await.map(drop).map(nothing);
        bad.extend(shop.bad("idle customers", customers).await);
    }
    let to_do = async |_| queries.reports.to_do(100).await.map(drop).map(nothing);
    bad.extend(shop.bad("what waits to be done", to_do).await);
    bad
}

async fn on(server: Server) {
    let Some(shop) = Shop::filled(server).await else { return };
    let bad =
        [bad_of_products(&shop).await, bad_of_orders_and_customers(&shop).await, bad_of_work(&shop).await].concat();
    assert!(bad.is_empty(), "{} bad plans:\n{}", bad.len(), bad.join("\n"));
    shop.database.close().await;
}

#[tokio::test]
async fn lists_are_read_by_indexes_on_sqlite_r220_r62() {
    on(Server::Sqlite).await;
}

#[tokio::test]
async fn lists_are_read_by_indexes_on_mysql_r220_r62() {
    on(Server::MySql).await;
}

#[tokio::test]
async fn lists_are_read_by_indexes_on_mariadb_r220_r62() {
    on(Server::MariaDb).await;
}
