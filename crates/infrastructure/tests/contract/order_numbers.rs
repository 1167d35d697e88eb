//! The numbers by which people name orders.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::orders::{GiveNumbers, PlaceOrder};
use application::{Ids, Runner, RunnerPolicy};
use domain::checkout::GivenCodes;
use domain::customers::CustomerId;
use domain::orders::{Items, Order, OrderFilter, OrderId, OrderNumber, OrderScope, OrderStatus, Placement};
use domain::pricing::{PriceBook, PricingData};
use domain::{Quantity, StoreError, Uuid};
use infrastructure::system::{SystemClock, V7Ids};

use crate::support::{NOW, TestDb, first, id, order, product, shop};

on_every_database!(
    an_order_is_found_by_its_number_r130,
    a_number_that_another_order_has_is_a_lost_race_r130,
    an_order_whose_number_is_taken_is_placed_with_another_id_r130,
    orders_of_before_get_numbers_in_batches_r130,
);

async fn add(db: &TestDb, order: &Order) -> Result<(), StoreError> {
    let mut tx = db.begin().await;
    tx.orders().insert(order).await?;
    tx.commit().await
}

async fn add_simple(db: &TestDb, customer: CustomerId) -> Order {
    let order = order(customer, &[&product("Teapot", None)], NOW);
    add(db, &order).await.unwrap();
    order
}

/// An id that ends as another one does, so that it makes the same number.
fn alike(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ 1 << 40)
}

async fn an_order_is_found_by_its_number_r130(db: TestDb) {
    let (ann, bob) = (CustomerId(id()), CustomerId(id()));
    let order = add_simple(&db, ann).await;
    add_simple(&db, ann).await;
    let number = order.number;
    assert_eq!(number, Some(OrderNumber::of(order.id)));
    let list = async |scope, filter| db.database.queries().orders.list(scope, &filter, &first(9)).await.unwrap().items;
    let by_number = OrderFilter { number, ..OrderFilter::default() };
    let (of_ann, of_bob) = (Some(ann), Some(bob));
    for filter in [
        by_number.clone(),
        OrderFilter { customer_id: of_ann, ..by_number.clone() },
        OrderFilter { status: Some(OrderStatus::Placed), ..by_number.clone() },
        OrderFilter { placed_after: Some(NOW), ..by_number.clone() },
        OrderFilter { updated_after: Some(NOW), ..by_number.clone() },
    ] {
        assert_eq!(list(OrderScope::All, filter.clone()).await, std::slice::from_ref(&order), "{filter:?}");
        assert_eq!(list(OrderScope::Of(ann), filter.clone()).await, std::slice::from_ref(&order), "{filter:?}");
        assert_eq!(list(OrderScope::Of(bob), filter.clone()).await, [], "{filter:?}");
        assert_eq!(list(OrderScope::None, filter.clone()).await, [], "{filter:?}");
    }
    for filter in [
        OrderFilter { number: Some(OrderNumber::of(OrderId(id()))), ..OrderFilter::default() },
        OrderFilter { customer_id: of_bob, ..by_number.clone() },
        OrderFilter { status: Some(OrderStatus::Shipped), ..by_number.clone() },
        OrderFilter { placed_before: Some(NOW), ..by_number.clone() },
    ] {
        assert_eq!(list(OrderScope::All, filter.clone()).await, [], "{filter:?}");
    }
}

async fn a_number_that_another_order_has_is_a_lost_race_r130(db: TestDb) {
    let placed = add_simple(&db, CustomerId(id())).await;
    let other = order(CustomerId(id()), &[&product("Cup", None)], NOW);
    let same = Order { number: placed.number, ..other };
    for begin in [true, false] {
        let mut tx = if begin { db.begin_optimistic().await } else { db.begin().await };
        tx.orders().insert(&same).await.unwrap();
        let lost = tx.commit().await;
        assert!(matches!(lost, Err(StoreError::Raced(_))), "{lost:?}");
    }
    let rows = "SELECT (SELECT COUNT(*) FROM orders) + (SELECT COUNT(*) FROM order_lines)
        + (SELECT COUNT(*) FROM order_history)";
    assert_eq!(db.number(rows).await, 3, "those of the first order");
}

/// Makes one id that ends as that of an order does, and then others.
struct OnceAlike {
    id: OrderId,
    is_spent: AtomicBool,
}

impl Ids for OnceAlike {
    fn next(&self) -> Uuid {
        if self.is_spent.swap(true, Ordering::Relaxed) { V7Ids.next() } else { alike(self.id.0) }
    }
}

async fn an_order_whose_number_is_taken_is_placed_with_another_id_r130(db: TestDb) {
    let buyer = db.add_customer("ann@example.com").await.id;
    let teapot = db.add_product("Teapot", 9).await.id;
    let placed = add_simple(&db, buyer).await;
    assert_eq!(OrderNumber::of(OrderId(alike(placed.id.0))), OrderNumber::of(placed.id));
    let place = PlaceOrder {
        placement: Placement { customer_id: buyer, shipping_address: None, note: None },
        items: Some(Items::parse(vec![(teapot, Quantity::parse(1).unwrap())]).unwrap()),
        method: None,
        codes: GivenCodes::default(),
        expected_total: None,
        book: Arc::new(PriceBook::new(Arc::default(), PricingData::default())),
    };
    let queries = db.database.queries();
    let ids = Arc::new(OnceAlike { id: placed.id, is_spent: AtomicBool::new(false) });
    let (transactions, policy) = (db.database.transactions(), RunnerPolicy::default());
    let runner = Runner::new(transactions, queries.idempotency, Arc::new(SystemClock), ids, shop(), policy);
    let second = runner.run(place).await.unwrap();
    assert!(second.id != OrderId(alike(placed.id.0)) && second.number != placed.number);
    assert_eq!(queries.orders.get(second.id, OrderScope::All).await.unwrap(), Some(second));
    assert_eq!(db.number("SELECT COUNT(*) FROM orders").await, 2);
    assert_eq!(db.number("SELECT on_hand FROM stock").await, 8, "sold once");
}

async fn orders_of_before_get_numbers_in_batches_r130(db: TestDb) {
    let customer = CustomerId(id());
    let mut old = Vec::new();
    for _ in 0..3 {
        let order = add_simple(&db, customer).await;
        db.execute("UPDATE orders SET number = NULL WHERE id = ?", order.id.0).await.unwrap();
        old.push(order);
    }
    let queries = db.database.queries();
    let shown = async |order: &Order| queries.orders.get(order.id, OrderScope::All).await.unwrap().unwrap();
    assert_eq!(shown(&old[0]).await.number, None);
    // Meanwhile another order has got the number of the first one.
    let other = order(customer, &[&product("Cup", None)], NOW);
    add(&db, &Order { number: old[0].number, ..other }).await.unwrap();

    let mut tx = db.begin().await;
    let ids: Vec<_> = old.iter().map(|order| order.id).collect();
    assert_eq!(tx.orders().unnumbered(2).await.unwrap(), ids[..2]);
    assert!(!tx.orders().give_number(ids[0], OrderNumber::of(ids[0])).await.unwrap(), "it is taken");
    drop(tx);
    assert_eq!(db.runner().run(GiveNumbers { limit: 2 }).await.unwrap(), 2);
    assert_eq!(db.runner().run(GiveNumbers { limit: 2 }).await.unwrap(), 1);
    assert_eq!(db.runner().run(GiveNumbers { limit: 2 }).await.unwrap(), 0);

    let first = shown(&old[0]).await;
    assert!(first.number.is_some() && first.number != old[0].number);
    for order in &old[1..] {
        assert_eq!(shown(order).await, *order, "its own number, and it is no change of the order");
    }
}
