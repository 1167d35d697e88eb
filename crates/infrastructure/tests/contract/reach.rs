//! A filter that no index serves looks at so many rows for a page and no more, and nothing is left out.

use std::collections::BTreeSet;
use std::time::Duration;

use application::AuditFilter;
use domain::accounts::AccountId;
use domain::customers::{CustomerFilter, CustomerId};
use domain::orders::{OrderFilter, OrderScope, OrderSearch, OrderStatus};
use domain::products::{Product, ProductFilter, ProductSort, ProductStatus};
use domain::stock::Stock;
use domain::{Page, PageRequest, Price, SearchText, Uuid};
use sea_orm::ConnectionTrait;

use crate::support::{NOW, TestDb, customer, first, id, product};

on_every_database!(
    a_filter_of_products_looks_at_so_many_and_leads_on,
    a_filter_of_orders_looks_at_so_many_and_leads_on,
    a_filter_of_the_audit_log_looks_at_so_many_and_leads_on,
    a_rare_word_of_customers_is_found_by_its_index_however_far,
);

/// The items of each page.
async fn pages<T>(limit: i64, read: impl AsyncFn(PageRequest) -> Page<T>) -> Vec<Vec<T>> {
    let (mut pages, mut request) = (Vec::new(), first(limit));
    loop {
        let page = read(request.clone()).await;
        pages.push(page.items);
        match page.next {
            Some(next) => assert_ne!(request.after.replace(next.clone()), Some(next), "no standstill"),
            None => return pages,
        }
    }
}

/// Product `n` costs `n`; these are sold out, and all but they are in stock.
const SOLD_OUT: [usize; 4] = [5, 600, 10_700, 10_900];
/// These are archived.
const ARCHIVED: [usize; 2] = [6, 10_800];

async fn add(db: &TestDb, numbers: std::ops::Range<usize>) -> Vec<Product> {
    let made = |n: usize| {
        let status = if ARCHIVED.contains(&n) { ProductStatus::Archived } else { ProductStatus::Active };
        let price = Price::parse(i64::try_from(n).unwrap()).unwrap();
        Product { price, status, ..product(&format!("Cup {n:05}"), None) }
    };
    let on_hand = |n: usize| i64::from(!SOLD_OUT.contains(&n));
    let goods: Vec<_> = numbers.map(|n| (made(n), on_hand(n))).collect();
    let goods: Vec<_> =
        goods.into_iter().map(|(product, n)| (product.clone(), Stock::new(product.id, n, NOW))).collect();
    for some in goods.chunks(1_000) {
        db.database.bulk_products(some).await.unwrap();
    }
    goods.into_iter().map(|(product, _)| product).collect()
}

async fn listed(db: &TestDb, filter: &ProductFilter, sort: ProductSort, limit: i64) -> Vec<Vec<Uuid>> {
    let queries = db.database.queries().products;
    let read = async |page| queries.list(filter, sort, &page).await.unwrap();
    let pages = pages(limit, read).await;
    pages.into_iter().map(|page| page.into_iter().map(|view| view.product.id.0).collect()).collect()
}

async fn a_filter_of_products_looks_at_so_many_and_leads_on(db: TestDb) {
    let mut all = add(&db, 0..10_000).await;
    let sold_out = ProductFilter { in_stock: Some(false), ..ProductFilter::default() };
    let ids = |numbers: &[usize], all: &[Product]| numbers.iter().map(|n| all[*n].id.0).collect::<Vec<_>>();
    assert_eq!(
        listed(&db, &sold_out, ProductSort::CreatedAt, 2).await,
        [ids(&SOLD_OUT[..2], &all)],
        "a shop of 10,000"
    );
    all.extend(add(&db, 10_000..11_000).await);
    let (near, far) = (ids(&SOLD_OUT[..2], &all), ids(&SOLD_OUT[2..], &all));
    let backwards: Vec<_> = near.iter().chain(&far).rev().copied().collect();
    let orders = [
        (ProductSort::CreatedAt, [near.clone(), far.clone()].concat()),
        (ProductSort::Name, [near.clone(), far.clone()].concat()),
        (ProductSort::Price, [near.clone(), far.clone()].concat()),
        (ProductSort::CreatedAtDescending, backwards.clone()),
        (ProductSort::NameDescending, backwards.clone()),
        (ProductSort::PriceDescending, backwards.clone()),
        (ProductSort::Relevance, backwards),
    ];
    let active = ProductFilter { status: Some(ProductStatus::Active), min_price: Some(1), ..sold_out.clone() };
    for (sort, expected) in orders {
        for filter in [&sold_out, &active] {
            for limit in [1, 3, 100] {
                let found = listed(&db, filter, sort, limit).await;
                assert_eq!(found.concat(), expected, "{sort:?} in pages of {limit}");
                // The first page does not go as far as the last of them.
                assert!(found.len() > 1 && found[0].len() < 4, "{sort:?} in pages of {limit}: {found:?}");
            }
        }
        // An index names few, which are found however far they are.
        let dear = ProductFilter { min_price: Some(10_650), ..sold_out.clone() };
        assert_eq!(listed(&db, &dear, sort, 100).await.concat().len(), 2, "{sort:?}");
    }
    let found =
        listed(&db, &ProductFilter { min_price: Some(10_650), ..sold_out.clone() }, ProductSort::Name, 100).await;
    assert_eq!(found, [far]);
    let archived =
        ProductFilter { status: Some(ProductStatus::Archived), updated_after: Some(NOW), ..ProductFilter::default() };
    let found = listed(&db, &archived, ProductSort::UpdatedAt, 100).await;
    assert_eq!(found, [6, 10_800].map(|n: usize| vec![all[n].id.0]));
}

/// Inserts rows with raw SQL, which is the same on all databases.
async fn insert(db: &TestDb, into: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<_> = rows.collect();
    for some in rows.chunks(500) {
        db.raw.execute_unprepared(&format!("INSERT INTO {into} VALUES {}", some.join(", "))).await.unwrap();
    }
}

fn hex(id: Uuid) -> String {
    format!("X'{}'", id.simple())
}

fn micros(number: usize) -> i128 {
    NOW.unix_timestamp_nanos() / 1_000 + i128::try_from(number).unwrap()
}

const ROWS: usize = 11_000;

async fn a_filter_of_orders_looks_at_so_many_and_leads_on(db: TestDb) {
    let (ann, bob) = (db.add_customer("ann@example.com").await, db.add_customer("bob@example.org").await);
    // The newest is number 0. Two of Ann's are shipped, and one is Bob's.
    let mut ids: Vec<_> = (0..ROWS).map(|_| id()).collect();
    ids.reverse();
    let order = |(n, id): (usize, &Uuid)| {
        let status = if [20, 10_900].contains(&n) { "shipped" } else { "placed" };
        let customer = if n == 10_950 { bob.id.0 } else { ann.id.0 };
        let at = micros(ROWS - n);
        format!("({}, {}, '{status}', 'USD', 5, {at}, '2024-05-13', {at}, 1)", hex(*id), hex(customer))
    };
    let columns = "(id, customer_id, status, currency, total, placed_at, expected_delivery, updated_at, version)";
    insert(&db, &format!("orders {columns}"), ids.iter().enumerate().map(order)).await;
    let find = async |filter: &OrderFilter, limit| {
        let queries = db.database.queries().orders;
        let read = async |page| queries.list(OrderScope::All, filter, &page).await.unwrap();
        let pages = pages(limit, read).await;
        pages.into_iter().map(|page| page.into_iter().map(|order| order.id.0).collect()).collect::<Vec<Vec<_>>>()
    };
    let shipped = OrderFilter { status: Some(OrderStatus::Shipped), ..OrderFilter::default() };
    let anns = OrderFilter { customer_id: Some(ann.id), ..shipped.clone() };
    let changed = OrderFilter { updated_after: Some(NOW), ..shipped.clone() };
    let search = |text: &str| Some(OrderSearch { ids: None, words: SearchText::parse(text).unwrap() });
    assert_eq!(find(&shipped, 100).await, [vec![ids[20], ids[10_900]]], "the index of states serves");
    assert_eq!(find(&anns, 100).await, [vec![ids[20]], vec![ids[10_900]]]);
    assert_eq!(find(&anns, 1).await.concat(), [ids[20], ids[10_900]]);
    assert_eq!(find(&changed, 100).await, [vec![ids[10_900]], vec![ids[20]]]);
    let mine = OrderFilter { search: search("ann"), ..shipped.clone() };
    assert_eq!(find(&mine, 100).await, [vec![ids[20], ids[10_900]]], "of few in that state");
    let common = OrderFilter { search: search("example bob"), ..OrderFilter::default() };
    assert_eq!(find(&common, 100).await, [vec![ids[10_950]]], "few are of customers with the word");
    // Of few orders of a time, all are found.
    let old = Some(NOW + Duration::from_micros(120));
    let early = OrderFilter { placed_before: old, search: search("ann"), ..shipped.clone() };
    assert_eq!(find(&early, 100).await, [vec![ids[10_900]]]);
    let all = OrderFilter { placed_after: Some(NOW), search: search("example"), ..OrderFilter::default() };
    let found: BTreeSet<_> = find(&all, 100).await.concat().into_iter().collect();
    assert_eq!(found.len(), ROWS);
    let nobody = OrderFilter { customer_id: Some(CustomerId(id())), ..shipped };
    assert_eq!(find(&nobody, 100).await.concat(), [] as [Uuid; 0]);
}

async fn a_filter_of_the_audit_log_looks_at_so_many_and_leads_on(db: TestDb) {
    let (ann, bob, mut ids) = (id(), id(), (0..ROWS).map(|_| id()).collect::<Vec<_>>());
    ids.reverse();
    let entry = |(n, own): (usize, &Uuid)| {
        let (resource, actor) = match n {
            30 | 10_700 => ("customer", ann),
            40 => ("customer", bob),
            _ => ("product", ann),
        };
        let (own, actor, at) = (hex(*own), hex(actor), micros(ROWS - n));
        format!("({own}, {actor}, 'r', 'a', '{resource}', {own}, '[]', '[]', {at})")
    };
    let columns = "(id, actor_id, request_id, action, resource, resource_id, fields_before, fields_after, at)";
    insert(&db, &format!("audit_log {columns}"), ids.iter().enumerate().map(entry)).await;
    let find = async |filter: &AuditFilter| {
        let queries = db.database.queries().audit;
        let read = async |page| queries.list(filter, &page).await.unwrap();
        let pages = pages(100, read).await;
        pages.into_iter().map(|page| page.into_iter().map(|entry| entry.id).collect()).collect::<Vec<Vec<_>>>()
    };
    let customers = AuditFilter { resource: Some("customer".to_owned()), ..AuditFilter::default() };
    let anns = AuditFilter { actor: Some(domain::keys::Principal::Account(AccountId(ann))), ..customers.clone() };
    let of_one = AuditFilter { resource_id: Some(ids[10_700]), ..anns.clone() };
    let early = AuditFilter { before: Some(NOW + Duration::from_micros(400)), ..anns.clone() };
    let late = AuditFilter { after: Some(NOW), ..anns.clone() };
    assert_eq!(find(&customers).await, [vec![ids[30], ids[40], ids[10_700]]]);
    assert_eq!(find(&anns).await, [vec![ids[30]], vec![ids[10_700]]]);
    assert_eq!(find(&of_one).await, [vec![ids[10_700]]]);
    assert_eq!(find(&early).await, [vec![ids[10_700]]]);
    assert_eq!(find(&late).await.concat(), [ids[30], ids[10_700]]);
}

async fn a_rare_word_of_customers_is_found_by_its_index_however_far(db: TestDb) {
    let email =
        |n: usize| if [3, 700].contains(&n) { format!("rare{n}@example.org") } else { format!("c{n}@example.com") };
    let all: Vec<_> = (0..800).map(|n| (customer(&email(n)), None)).collect();
    db.database.bulk_customers(&all).await.unwrap();
    for updated_after in [None, Some(NOW)] {
        let find = async |text: &str, limit| {
            let filter =
                CustomerFilter { search: SearchText::parse(text).unwrap(), updated_after, ..CustomerFilter::default() };
            let queries = db.database.queries().customers;
            let read = async |page| queries.list(&filter, &page).await.unwrap();
            let pages = pages(limit, read).await;
            pages.concat().into_iter().map(|customer| customer.id).collect::<Vec<_>>()
        };
        let expected = [all[3].0.id, all[700].0.id];
        assert_eq!(find("example rare", 1).await, expected);
        assert_eq!(find("rare700", 1).await, expected[1..]);
        assert_eq!(find("example", 100).await.len(), 800);
        assert_eq!(find("unheard", 100).await, []);
    }
}
