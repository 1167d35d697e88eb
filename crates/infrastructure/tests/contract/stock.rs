use std::slice;
use std::time::Duration;

use application::{Attempt, Tx};
use domain::customers::CustomerId;
use domain::orders::Order;
use domain::products::{Product, ProductId};
use domain::restocks::{Restock, RestockId};
use domain::stock::{Adjustment, Movement, Reason, RestockPolicy, Sale, Sold, Stock, StockChange, StockFilter};
use domain::{Quantity, StoreError, UtcDateTime, Version};

use crate::support::{NOW, TestDb, at_once, connect, every_page, first, id, order, product};

on_every_database!(
    locked_stocks_are_in_order_of_id_without_unknown_products_r61,
    saved_changes_of_several_products_are_visible_at_once_and_stored_r43_r61,
    fifty_buyers_at_two_servers_of_twenty_units_get_exactly_twenty_r61,
    buyers_of_the_same_products_do_not_lose_a_unit_r61,
    an_immediate_and_a_deferred_sale_follow_the_rules_of_the_domain_r43_r61,
    a_deferred_sale_that_reaches_the_reorder_point_loses_a_race_r44_r61,
    a_careful_sale_of_more_than_is_on_hand_loses_a_race_and_changes_nothing_r61,
    many_concurrent_deferred_sales_lose_no_unit_r61,
    the_database_itself_refuses_stock_below_zero_r61,
    on_hand_equals_the_sum_of_the_movements_r43,
    pages_of_movements_are_newest_first_without_gap_or_repetition_r43,
    an_unknown_product_has_no_list_of_movements_and_a_new_one_an_empty_list_r43,
    stock_is_listed_below_and_above_its_threshold_r40,
    stock_of_an_unknown_product_is_refused_r40,
    a_policy_raises_the_version_and_sales_keep_it_r42,
    due_stock_is_below_its_threshold_without_an_open_restock_r44,
);

fn reason() -> Reason {
    Reason::parse("counted\nagain 🦊").unwrap()
}

async fn adjust(tx: &mut dyn Tx, id: ProductId, quantity: i64, now: UtcDateTime) -> Option<StockChange> {
    let stock = tx.stock().lock(&[id]).await.unwrap().pop()?;
    let change = stock.adjust(Adjustment::parse(quantity).unwrap(), reason(), now).ok()?;
    tx.stock().save(std::slice::from_ref(&change)).await.unwrap();
    Some(change)
}

async fn locked_stocks_are_in_order_of_id_without_unknown_products_r61(db: TestDb) {
    let (first, second) = (db.add_product("First", 5).await.id, db.add_product("Second", 5).await.id);
    let mut tx = db.begin().await;
    let stocks = tx.stock().lock(&[second, ProductId(id()), first]).await.unwrap();
    assert_eq!(stocks, [Stock::new(first, 5, NOW), Stock::new(second, 5, NOW)]);
    assert_eq!(tx.stock().lock(&[]).await.unwrap(), []);
    assert_eq!(db.database.queries().stock.get(ProductId(id())).await.unwrap(), None);
}

async fn saved_changes_of_several_products_are_visible_at_once_and_stored_r43_r61(db: TestDb) {
    let (first, second) = (db.add_product("First", 5).await.id, db.add_product("Second", 5).await.id);
    let later = NOW + Duration::from_secs(1);
    let mut tx = db.begin().await;
    let stocks = tx.stock().lock(&[first, second]).await.unwrap();
    let change = |stock: &Stock, quantity| stock.adjust(Adjustment::parse(quantity).unwrap(), reason(), later).unwrap();
    let changes = [change(&stocks[0], -5), change(&stocks[1], 7)];
    tx.stock().save(&changes).await.unwrap();
    let after = |product_id, on_hand| Stock {
        on_hand,
        updated_at: later,
        version: Version(2),
        ..Stock::new(product_id, 5, NOW)
    };
    let expected = [after(first, 0), after(second, 12)];
    assert_eq!(tx.stock().lock(&[first, second]).await.unwrap(), expected);
    tx.stock().save(&[]).await.unwrap();
    tx.commit().await.unwrap();
    for (stock, change) in expected.into_iter().zip(changes) {
        let id = stock.product_id;
        assert_eq!(db.database.queries().stock.get(id).await.unwrap(), Some(stock));
        assert_eq!(db.database.queries().stock.movement(id, 2).await.unwrap(), Some(change.movement));
    }
}

async fn fifty_buyers_at_two_servers_of_twenty_units_get_exactly_twenty_r61(db: TestDb) {
    let product = db.add_product("Scarce", 20).await;
    let servers = [db.clone(), TestDb { database: connect(&db.url).await, ..db.clone() }];
    let bought = at_once(50, |index| {
        let (db, product) = (servers[index % 2].clone(), product.clone());
        async move { sell(&db, Attempt::Careful, slice::from_ref(&product), NOW).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = bought.into_iter().partition(Result::is_ok);
    assert!(lost.iter().all(|lost| matches!(lost, Err(StoreError::Raced(_)))), "{lost:?}");
    assert_eq!(won.len(), 20);
    let stock = db.database.queries().stock.get(product.id).await.unwrap().unwrap();
    assert_eq!((stock.on_hand, stock.version), (0, Version(21)));
    servers[1].database.close().await;
}

async fn buyers_of_the_same_products_do_not_lose_a_unit_r61(db: TestDb) {
    let products = products(&db, 2, 100).await;
    at_once(30, |index| {
        let (db, products) = (db.clone(), products.clone());
        async move {
            // The store locks products in order of id, so no two transactions wait for each other.
            let one = slice::from_ref(&products[index % 2]);
            let some = if index % 3 == 0 { one } else { &products[..] };
            sell(&db, Attempt::Careful, some, NOW).await.unwrap();
        }
    })
    .await;
    for Product { id, .. } in products {
        assert_eq!(db.database.queries().stock.get(id).await.unwrap().unwrap().on_hand, 75);
    }
}

async fn products(db: &TestDb, count: usize, on_hand: i64) -> Vec<Product> {
    let mut all = Vec::new();
    for n in 0..count {
        all.push(db.add_product(&format!("Mug {n}"), on_hand).await);
    }
    all
}

/// Sells one unit of each product, which are all expected to stay above their reorder point.
async fn sell(
    db: &TestDb,
    attempt: Attempt,
    products: &[Product],
    at: UtcDateTime,
) -> Result<(Order, Sold), StoreError> {
    let order = order(CustomerId(id()), &products.iter().collect::<Vec<_>>(), at);
    let items = order.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
    let sale = Sale { order_id: order.id, items, above_reorder_point: true, at };
    let mut tx = db.database.transactions().begin(attempt).await?;
    tx.orders().insert(&order).await?;
    let sold = tx.stock().sell(&sale).await?;
    tx.commit().await.map(|()| (order, sold))
}

/// What the rule of the domain makes of each product with `on_hand` units, whichever way the store takes.
async fn an_immediate_and_a_deferred_sale_follow_the_rules_of_the_domain_r43_r61(db: TestDb) {
    let later = NOW + Duration::from_secs(1);
    for (attempt, count, deferred) in [
        (Attempt::Optimistic, 1, true),
        (Attempt::Optimistic, 3, true),
        (Attempt::Optimistic, 20, false),
        (Attempt::Careful, 3, false),
    ] {
        let products = products(&db, count, 2).await;
        let (order, sold) = sell(&db, attempt, &products, later).await.unwrap();
        let mut changes = Vec::new();
        for Product { id, .. } in products {
            let one = Quantity::parse(1).unwrap();
            let expected = Stock::new(id, 2, NOW).sell(one, order.id, later).unwrap();
            assert_eq!(db.database.queries().stock.get(id).await.unwrap(), Some(expected.stock.clone()), "{count}");
            let movement = db.database.queries().stock.movement(id, 2).await.unwrap();
            assert_eq!(movement, Some(expected.movement.clone()), "{count}");
            changes.push(expected);
        }
        changes.sort_by_key(|change| change.stock.product_id);
        assert_eq!(sold, if deferred { Sold::Deferred } else { Sold::Applied(changes) }, "{attempt:?} {count}");
    }
}

async fn a_deferred_sale_that_reaches_the_reorder_point_loses_a_race_r44_r61(db: TestDb) {
    for count in [0, 3] {
        let enough = products(&db, count, 2).await;
        let due = db.add_product("Due", 5).await;
        let mut tx = db.begin().await;
        let stock = tx.stock().lock(&[due.id]).await.unwrap().remove(0);
        tx.stock().set_policy(&stock.with_policy(RestockPolicy::parse(5, 9).unwrap(), NOW)).await.unwrap();
        tx.commit().await.unwrap();
        for scarce in [due, db.add_product("Last", 1).await, db.add_product("None", 0).await, product("Gone", None)] {
            let before = db.database.queries().stock.get(scarce.id).await.unwrap();
            let mut all = enough.clone();
            all.push(scarce);
            let lost = sell(&db, Attempt::Optimistic, &all, NOW).await;
            assert!(matches!(lost, Err(StoreError::Raced(_))), "{count}: {lost:?}");
            for (Product { id, name, .. }, expected) in all.iter().zip(enough.iter().map(|_| 2).chain([-1])) {
                let stock = db.database.queries().stock.get(*id).await.unwrap();
                match expected {
                    -1 => assert_eq!(stock, before, "{name:?}"),
                    on_hand => assert_eq!(stock, Some(Stock::new(*id, on_hand, NOW)), "{name:?}"),
                }
                assert_eq!(db.database.queries().stock.movement(*id, 2).await.unwrap(), None);
            }
        }
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM orders").await, 0);
}

async fn a_careful_sale_of_more_than_is_on_hand_loses_a_race_and_changes_nothing_r61(db: TestDb) {
    let products = [db.add_product("First", 5).await, db.add_product("None", 0).await];
    let lost = sell(&db, Attempt::Careful, &products, NOW).await;
    assert!(matches!(lost, Err(StoreError::Raced(_))), "{lost:?}");
    assert_eq!(
        db.database.queries().stock.get(products[0].id).await.unwrap(),
        Some(Stock::new(products[0].id, 5, NOW))
    );
}

async fn many_concurrent_deferred_sales_lose_no_unit_r61(db: TestDb) {
    let products = products(&db, 2, 21).await;
    let sold = at_once(40, |_| {
        let (db, products) = (db.clone(), products.clone());
        async move { sell(&db, Attempt::Optimistic, &products, NOW).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = sold.into_iter().partition(Result::is_ok);
    assert!(lost.iter().all(|lost| matches!(lost, Err(StoreError::Raced(_)))), "{lost:?}");
    // A deferred sale never takes the last unit.
    assert_eq!(won.len(), 20);
    for Product { id, .. } in products {
        assert_eq!(db.database.queries().stock.get(id).await.unwrap().unwrap().on_hand, 1);
    }
}

async fn the_database_itself_refuses_stock_below_zero_r61(db: TestDb) {
    let id = db.add_product("Teapot", 1).await.id;
    assert!(db.execute("UPDATE stock SET on_hand = on_hand - 2 WHERE product_id = ?", id.0).await.is_err());
    assert_eq!(db.database.queries().stock.get(id).await.unwrap().unwrap().on_hand, 1);
}

async fn move_stock(db: &TestDb, id: ProductId, quantity: i64) -> Option<Movement> {
    let mut tx = db.begin().await;
    let change = adjust(tx.repositories(), id, quantity, NOW).await?;
    tx.commit().await.unwrap();
    Some(change.movement)
}

async fn on_hand_equals_the_sum_of_the_movements_r43(db: TestDb) {
    let id = db.add_product("Teapot", 0).await.id;
    let moved = at_once(20, |index| {
        let db = db.clone();
        let quantity = if index % 3 == 0 { -5 } else { 4 };
        async move { move_stock(&db, id, quantity).await }
    })
    .await;
    let expected: i64 = moved.iter().flatten().map(|movement| movement.quantity).sum();
    let all = db.database.queries().stock.movements(id, &first(100)).await.unwrap().unwrap().items;
    assert_eq!(all.iter().map(|movement| movement.quantity).sum::<i64>(), expected);
    assert_eq!(db.database.queries().stock.get(id).await.unwrap().unwrap().on_hand, expected);
    let mut balance = expected;
    for movement in &all {
        assert_eq!(movement.balance, balance);
        balance -= movement.quantity;
    }
}

async fn pages_of_movements_are_newest_first_without_gap_or_repetition_r43(db: TestDb) {
    let (id, other) = (db.add_product("Teapot", 0).await.id, db.add_product("Other", 0).await.id);
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(move_stock(&db, id, 1).await.unwrap());
        move_stock(&db, other, 1).await.unwrap();
    }
    let stock = db.database.queries().stock;
    assert_eq!(stock.movement(id, made[3].sequence).await.unwrap().as_ref(), Some(&made[3]));
    assert_eq!(stock.movement(id, 99).await.unwrap(), None);
    made.reverse();
    for limit in [1, 3, 7, 100] {
        let read = async |page| stock.movements(id, &page).await.unwrap().unwrap();
        assert_eq!(every_page(limit, read).await, made, "in pages of {limit}");
    }
}

async fn an_unknown_product_has_no_list_of_movements_and_a_new_one_an_empty_list_r43(db: TestDb) {
    let stock = db.database.queries().stock;
    assert_eq!(stock.movements(ProductId(id()), &first(20)).await.unwrap(), None);
    let product = db.add_product("New", 0).await;
    let page = stock.movements(product.id, &first(20)).await.unwrap().unwrap();
    assert!(page.items.is_empty() && page.next.is_none());
}

async fn stock_is_listed_below_and_above_its_threshold_r40(db: TestDb) {
    let mut all = Vec::new();
    for (on_hand, restock_threshold) in [(1, 2), (2, 2), (3, 2), (0, 0), (0, 1)] {
        let product = product("Teapot", None);
        let stock = Stock { restock_threshold, restock_target: 9, ..Stock::new(product.id, on_hand, NOW) };
        let mut tx = db.begin().await;
        tx.products().insert(&product).await.unwrap();
        tx.stock().insert(&stock).await.unwrap();
        tx.commit().await.unwrap();
        all.push(stock);
    }
    let queries = db.database.queries().stock;
    for below_threshold in [None, Some(true), Some(false)] {
        let filter = StockFilter { below_threshold, ..StockFilter::default() };
        let read = async |page| queries.list(&filter, &page).await.unwrap();
        let wanted = all.iter().filter(|stock| below_threshold.is_none_or(|below| stock.below_threshold() == below));
        assert_eq!(every_page(2, read).await, wanted.cloned().collect::<Vec<_>>(), "{below_threshold:?}");
    }
    let product_ids = vec![all[3].product_id, ProductId(id()), all[0].product_id];
    let read = async |filter: StockFilter| queries.list(&filter, &first(20)).await.unwrap().items;
    let some = StockFilter { product_ids, ..StockFilter::default() };
    assert_eq!(read(some.clone()).await, [all[0].clone(), all[3].clone()]);
    assert_eq!(read(StockFilter { below_threshold: Some(true), ..some }).await, [all[0].clone()]);
}

async fn stock_of_an_unknown_product_is_refused_r40(db: TestDb) {
    let refused = db.begin().await.stock().insert(&Stock::new(ProductId(id()), 1, NOW)).await;
    assert!(matches!(refused, Err(StoreError::Internal(_))), "{refused:?}");
}

async fn a_policy_raises_the_version_and_sales_keep_it_r42(db: TestDb) {
    let id = db.add_product("Teapot", 5).await.id;
    let (later, policy) = (NOW + Duration::from_secs(1), RestockPolicy::parse(3, 9).unwrap());
    let mut tx = db.begin().await;
    let stock = tx.stock().lock(&[id]).await.unwrap().remove(0).with_policy(policy, later);
    tx.stock().set_policy(&stock).await.unwrap();
    let limits = Stock { restock_threshold: 3, restock_target: 9, ..Stock::new(id, 5, NOW) };
    let expected = Stock { updated_at: later, version: Version(2), ..limits.clone() };
    assert_eq!(tx.stock().lock(&[id]).await.unwrap(), [expected]);
    let sold = [adjust(tx.repositories(), id, -4, later).await.unwrap().stock];
    assert_eq!(sold, [Stock { on_hand: 1, updated_at: later, version: Version(3), ..limits }]);
    tx.commit().await.unwrap();
    let below = StockFilter { below_threshold: Some(true), ..StockFilter::default() };
    assert_eq!(db.database.queries().stock.list(&below, &first(20)).await.unwrap().items, sold);
}

async fn due_stock_is_below_its_threshold_without_an_open_restock_r44(db: TestDb) {
    let mut due = Vec::new();
    for (on_hand, restocked) in [(1, false), (1, true), (2, false), (0, false), (0, true), (0, false)] {
        let id = db.add_product("Teapot", on_hand).await.id;
        let mut tx = db.begin().await;
        let stock = tx.stock().lock(&[id]).await.unwrap().remove(0);
        let stock = stock.with_policy(RestockPolicy::parse(2, 9).unwrap(), NOW);
        tx.stock().set_policy(&stock).await.unwrap();
        if restocked {
            let restock = Restock::due(RestockId(self::id()), &stock, NOW);
            tx.restocks().insert(&[restock]).await.unwrap();
        }
        if on_hand < 2 && !restocked {
            due.push(stock);
        }
        tx.commit().await.unwrap();
    }
    let mut tx = db.begin().await;
    assert_eq!(tx.stock().lock_due(None, 100).await.unwrap(), due);
    assert_eq!(tx.stock().lock_due(None, 2).await.unwrap(), due[..2]);
    assert_eq!(tx.stock().lock_due(Some(due[0].product_id), 100).await.unwrap(), due[1..]);
}
