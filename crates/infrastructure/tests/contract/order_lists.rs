//! Orders by the tracking number of their parcel, and by a product.

use domain::customers::CustomerId;
use domain::orders::{Order, OrderFilter, OrderScope, OrderStatus, TrackingNumber};
use domain::products::{Product, ProductId};
use domain::{UtcDateTime, Uuid};
use sea_orm::ConnectionTrait as _;

use crate::support::{NOW, TestDb, every_page, id, order, product};

on_every_database!(
    orders_are_found_by_the_exact_tracking_number_r246,
    orders_are_found_by_a_product_once_each_r246,
    a_tracking_number_and_a_rare_product_are_found_however_far_r246,
);

async fn add(db: &TestDb, customer: CustomerId, products: &[&Product], tracking: Option<&str>) -> Order {
    let order = order(customer, products, NOW);
    let mut tx = db.begin().await;
    tx.orders().insert(&order).await.unwrap();
    tx.commit().await.unwrap();
    if let Some(number) = tracking {
        let sql = format!("UPDATE orders SET tracking_number = '{number}' WHERE id = ?");
        assert_eq!(db.execute(&sql, order.id.0).await.unwrap(), 1);
    }
    order
}

/// The ids of the orders that are listed, in pages of two.
async fn listed(db: &TestDb, scope: OrderScope, filter: &OrderFilter) -> Vec<Uuid> {
    let queries = db.database.queries().orders;
    let read = async |page| queries.list(scope, filter, &page).await.unwrap();
    every_page(2, read).await.into_iter().map(|order| order.id.0).collect()
}

fn tracked(number: &str) -> OrderFilter {
    OrderFilter { tracking_number: TrackingNumber::parse(number).ok(), ..OrderFilter::default() }
}

fn with(product: ProductId) -> OrderFilter {
    OrderFilter { product_id: Some(product), ..OrderFilter::default() }
}

/// The same filter together with others, all of which an order of Ann passes.
fn narrowed(filter: &OrderFilter, ann: CustomerId, updated_after: UtcDateTime) -> Vec<OrderFilter> {
    let some = || filter.clone();
    vec![
        OrderFilter { customer_id: Some(ann), ..some() },
        OrderFilter { status: Some(OrderStatus::Placed), ..some() },
        OrderFilter { placed_after: Some(NOW), ..some() },
        OrderFilter { updated_after: Some(updated_after), customer_id: Some(ann), ..some() },
    ]
}

async fn orders_are_found_by_the_exact_tracking_number_r246(db: TestDb) {
    let (ann, bob) = (CustomerId(id()), CustomerId(id()));
    let cup = product("Cup", None);
    add(&db, ann, &[&cup], None).await;
    let own = add(&db, ann, &[&cup], Some("1Z 999")).await;
    add(&db, ann, &[&cup], Some("1Z 9990")).await;
    let others = add(&db, bob, &[&cup], Some("1Z 999")).await;
    let both = [others.id.0, own.id.0];
    assert_eq!(listed(&db, OrderScope::All, &tracked("1Z 999")).await, both, "newest first");
    assert_eq!(listed(&db, OrderScope::All, &tracked(" 1Z 999 ")).await, both);
    assert_eq!(listed(&db, OrderScope::Of(ann), &tracked("1Z 999")).await, [own.id.0]);
    assert_eq!(listed(&db, OrderScope::None, &tracked("1Z 999")).await, [] as [Uuid; 0]);
    for other in ["1Z 99", "1z 999", "1Z999", "%"] {
        assert_eq!(listed(&db, OrderScope::All, &tracked(other)).await, [] as [Uuid; 0], "{other}");
    }
    for filter in narrowed(&tracked("1Z 999"), ann, NOW) {
        let expected = if filter.customer_id.is_some() { &both[1..] } else { &both[..] };
        assert_eq!(listed(&db, OrderScope::All, &filter).await, expected, "{filter:?}");
    }
    let named = OrderFilter { number: own.number, ..tracked("1Z 999") };
    assert_eq!(listed(&db, OrderScope::All, &named).await, [own.id.0]);
    let named = OrderFilter { number: own.number, ..tracked("1Z 9990") };
    assert_eq!(listed(&db, OrderScope::All, &named).await, [] as [Uuid; 0]);
}

async fn orders_are_found_by_a_product_once_each_r246(db: TestDb) {
    let (ann, bob) = (CustomerId(id()), CustomerId(id()));
    let (cup, pot) = (product("Cup", None), product("Pot", None));
    let first = add(&db, ann, &[&cup, &pot], Some("T1")).await;
    add(&db, ann, &[&pot], None).await;
    let second = add(&db, bob, &[&cup], None).await;
    let third = add(&db, ann, &[&pot, &cup], None).await;
    let all = [third.id.0, second.id.0, first.id.0];
    assert_eq!(listed(&db, OrderScope::All, &with(cup.id)).await, all);
    assert_eq!(listed(&db, OrderScope::Of(ann), &with(cup.id)).await, [all[0], all[2]]);
    assert_eq!(listed(&db, OrderScope::All, &with(ProductId(id()))).await, [] as [Uuid; 0]);
    for filter in narrowed(&with(cup.id), ann, NOW) {
        let mut expected = if filter.customer_id.is_some() { vec![all[0], all[2]] } else { all.to_vec() };
        if filter.updated_after.is_some() {
            expected.reverse();
        }
        assert_eq!(listed(&db, OrderScope::All, &filter).await, expected, "{filter:?}");
    }
    let both = OrderFilter { product_id: Some(cup.id), ..tracked("T1") };
    assert_eq!(listed(&db, OrderScope::All, &both).await, [first.id.0]);
}

const ROWS: usize = 11_000;

async fn a_tracking_number_and_a_rare_product_are_found_however_far_r246(db: TestDb) {
    let (customer, common, rare) = (id(), ProductId(id()), ProductId(id()));
    // The newest is number 0.
    let mut ids: Vec<_> = (0..ROWS).map(|_| id()).collect();
    ids.reverse();
    let hex = |id: Uuid| format!("X'{}'", id.simple());
    let at = NOW.unix_timestamp_nanos() / 1_000;
    let far = ROWS - 10;
    let order = |(n, id): (usize, &Uuid)| {
        let tracking = if n == far { "'FAR'" } else { "NULL" };
        format!("({}, {}, 'placed', 'USD', 5, {at}, '2024-05-13', {at}, 1, {tracking})", hex(*id), hex(customer))
    };
    let line = |(n, id): (usize, &Uuid)| {
        let product = if n == far { rare } else { common };
        format!("({}, 1, {}, 'Cup', 5, 1, 5)", hex(*id), hex(product.0))
    };
    let columns =
        "id, customer_id, status, currency, total, placed_at, expected_delivery, updated_at, version, tracking_number";
    let orders: Vec<_> = ids.iter().enumerate().map(order).collect();
    let lines: Vec<_> = ids.iter().enumerate().map(line).collect();
    let line_columns = "order_id, line_no, product_id, name, unit_price, quantity, line_total";
    for (table, columns, rows) in [("orders", columns, orders), ("order_lines", line_columns, lines)] {
        for some in rows.chunks(500) {
            let insert = format!("INSERT INTO {table} ({columns}) VALUES {}", some.join(", "));
            db.raw.execute_unprepared(&insert).await.unwrap();
        }
    }
    let queries = db.database.queries().orders;
    let page = async |filter: OrderFilter| {
        let page = queries.list(OrderScope::All, &filter, &crate::support::first(2)).await.unwrap();
        page.items.into_iter().map(|order| order.id.0).collect::<Vec<_>>()
    };
    assert_eq!(page(tracked("FAR")).await, [ids[far]]);
    assert_eq!(page(OrderFilter { updated_after: Some(NOW), ..tracked("FAR") }).await, [ids[far]]);
    assert_eq!(page(with(rare)).await, [ids[far]], "on the first page, although it is far");
    assert_eq!(page(with(common)).await, ids[..2]);
}
