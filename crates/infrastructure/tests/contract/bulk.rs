use std::time::Duration;

use domain::accounts::Account;
use domain::customers::{Customer, CustomerFilter};
use domain::orders::{Order, OrderScope, OrderStatus, Parcel};
use domain::products::{Product, ProductFilter, ProductSort};
use domain::slugs::Slug;
use domain::stock::{MovementKind, Stock};
use domain::{SearchText, StoreError, Version};

use crate::support::{NOW, TestDb, account, customer, first, order, product};

use OrderStatus::{Delivered, Placed, Processing, Shipped};

on_every_database!(
    bulk_loaded_products_keep_every_rule_and_can_be_searched_r78,
    bulk_loaded_orders_take_their_units_from_stock_r78,
    a_refused_bulk_load_writes_nothing_r78,
);

fn people(many: usize) -> Vec<(Customer, Option<Account>)> {
    let person = |index: usize| {
        let customer = customer(&format!("person{index}@example.com"));
        let account = index.is_multiple_of(2).then(|| account(&format!("person{index}"), Some(customer.id)));
        (customer, account)
    };
    (0..many).map(person).collect()
}

fn goods(many: usize, on_hand: i64) -> Vec<(Product, Stock)> {
    let goods = |index| {
        let product = product(&format!("Teapot {index}"), Some(&format!("tea-{index}")));
        let stock = Stock::new(product.id, on_hand, NOW);
        (product, stock)
    };
    (0..many).map(goods).collect()
}

/// More than one statement writes.
const MANY: usize = 450;

async fn bulk_loaded_products_keep_every_rule_and_can_be_searched_r78(db: TestDb) {
    let (goods, people) = (goods(MANY, 5), people(MANY));
    db.database.bulk_products(&goods).await.unwrap();
    db.database.bulk_products(&[]).await.unwrap();
    db.database.bulk_customers(&people).await.unwrap();
    let later = NOW + Duration::from_secs(1);
    let ordered = |(index, (customer, _)): (usize, &(Customer, Option<Account>))| {
        let status = OrderStatus::ALL[index % 5];
        let products = [&goods[index].0, &goods[(index + 1) % MANY].0];
        Order { status, updated_at: later, ..order(customer.id, &products, NOW) }
    };
    let orders: Vec<_> = people.iter().enumerate().map(ordered).collect();
    db.database.bulk_orders(&orders).await.unwrap();
    assert_eq!(db.database.examine().await.unwrap(), []);
    for (table, rows) in [("products", MANY), ("customers", MANY), ("accounts", MANY / 2), ("orders", MANY)] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, i64::try_from(rows).unwrap(), "{table}");
    }
    let products = db.database.queries().products;
    let sought = ProductFilter { search: SearchText::parse("teapot 449").unwrap(), ..ProductFilter::default() };
    let found = products.list(&sought, ProductSort::Name, &first(20)).await.unwrap().items;
    let expected = Product { slug: Slug::parse("teapot-449").ok(), ..goods[449].0.clone() };
    assert_eq!(found.into_iter().map(|view| view.product).collect::<Vec<_>>(), [expected]);
    let sought = CustomerFilter { search: SearchText::parse("person449").unwrap(), ..CustomerFilter::default() };
    assert_eq!(db.database.queries().customers.list(&sought, &first(20)).await.unwrap().items, [people[449].0.clone()]);
    let found = db.database.queries().orders.get(orders[3].id, OrderScope::All).await.unwrap();
    assert_eq!(found.as_ref(), Some(&orders[3]));
}

async fn bulk_loaded_orders_take_their_units_from_stock_r78(db: TestDb) {
    let goods = goods(1, 4);
    db.database.bulk_products(&goods).await.unwrap();
    let (teapot, later) = (&goods[0].0, NOW + Duration::from_secs(1));
    let placed = |status| Order { status, updated_at: later, ..order(customer("a@b.cd").id, &[teapot], NOW) };
    let orders = [placed(OrderStatus::Delivered), placed(OrderStatus::Cancelled), placed(OrderStatus::Placed)];
    db.database.bulk_orders(&orders).await.unwrap();
    let stock = db.database.queries().stock;
    let expected = Stock { on_hand: 2, updated_at: NOW, version: Version(5), ..Stock::new(teapot.id, 4, NOW) };
    assert_eq!(stock.get(teapot.id).await.unwrap(), Some(expected));
    let movements = stock.movements(teapot.id, &first(20)).await.unwrap().unwrap().items;
    let moved: Vec<_> = movements.iter().map(|one| (one.kind, one.balance, one.reference)).collect();
    let of = |index: usize| Some(orders[index].id.0);
    let expected = [
        (MovementKind::Sale, 2, of(2)),
        (MovementKind::Cancellation, 3, of(1)),
        (MovementKind::Sale, 2, of(1)),
        (MovementKind::Sale, 3, of(0)),
        (MovementKind::Initial, 4, None),
    ];
    assert_eq!(moved, expected);
    let tracking = db.database.queries().orders.tracking(orders[0].id, OrderScope::All).await.unwrap().unwrap();
    let steps: Vec<_> = tracking.history.iter().map(|entry| (entry.status, entry.at)).collect();
    assert_eq!(steps, [(Placed, NOW), (Processing, later), (Shipped, later), (Delivered, later)]);
    // It goes on from there as any other.
    let going_on = orders[2].advance(Processing, None, later).unwrap();
    let mut tx = db.begin().await;
    tx.orders().advance(&going_on.order, &Parcel::default(), &going_on.entry).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn a_refused_bulk_load_writes_nothing_r78(db: TestDb) {
    let mut twice = goods(2, 1);
    let (first, second) = twice.split_at_mut(1);
    second[0].0.sku.clone_from(&first[0].0.sku);
    let refused = db.database.bulk_products(&twice).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Product::UNIQUE_SKU))), "{refused:?}");
    let mut people = people(2);
    let (one, other) = people.split_at_mut(1);
    other[0].0.email.clone_from(&one[0].0.email);
    let refused = db.database.bulk_customers(&people).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
    let goods = goods(1, 1);
    db.database.bulk_products(&goods).await.unwrap();
    let placed = || order(people[0].0.id, &[&goods[0].0], NOW);
    let short = db.database.bulk_orders(&[placed(), placed()]).await;
    assert!(matches!(short, Err(StoreError::Internal(_))), "{short:?}");
    let unknown = db.database.bulk_orders(&[order(people[0].0.id, &[&product("Other", None)], NOW)]).await;
    assert!(matches!(unknown, Err(StoreError::Internal(_))), "{unknown:?}");
    for (table, rows) in [("products", 1), ("stock", 1), ("stock_movements", 1), ("customers", 0), ("orders", 0)] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, rows, "{table}");
    }
}
