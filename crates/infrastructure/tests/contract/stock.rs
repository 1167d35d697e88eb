use std::time::Duration;

use domain::customers::CustomerId;
use domain::orders::Order;
use domain::products::{Product, ProductId};
use domain::restocks::{Restock, RestockId};
use domain::stock::{MAX_ON_HAND, Movement, MovementKind, Reason, RestockPolicy, Stock, StockChange, StockFilter};
use domain::{StoreError, UtcDateTime, Version};

use crate::support::{NOW, TestDb, at_once, connect, every_page, first, id, order, product};

on_every_database!(
    a_change_of_several_products_answers_their_new_stocks_in_order_r61,
    a_sale_never_takes_stock_below_zero_and_changes_all_or_nothing_r61,
    stock_never_rises_above_its_bound_r41,
    a_change_of_unknown_stock_is_none_r41,
    fifty_buyers_at_two_servers_of_twenty_units_get_exactly_twenty_r61,
    buyers_of_the_same_products_do_not_lose_a_unit_r61,
    what_there_is_plenty_of_is_sold_with_the_commit_r43_r61,
    whoever_bets_on_plenty_that_is_not_there_has_lost_a_race_r44_r61,
    many_at_once_who_bet_on_plenty_lose_no_unit_r61,
    the_database_itself_refuses_stock_below_zero_r61,
    on_hand_equals_the_sum_of_the_movements_r43,
    pages_of_movements_are_newest_first_without_gap_or_repeat_r43,
    movements_of_no_product_are_none_and_of_a_new_one_empty_r43,
    stock_is_listed_below_and_above_its_threshold_r40,
    stock_of_no_product_is_refused_r40,
    a_policy_raises_the_version_and_stays_through_sales_r42,
    due_stock_is_what_is_below_its_threshold_with_no_restock_open_r44,
);

fn change(product_id: ProductId, quantity: i64) -> StockChange {
    StockChange { product_id, quantity }
}

async fn a_change_of_several_products_answers_their_new_stocks_in_order_r61(db: TestDb) {
    let (first, second) = (db.add_product("First", 5).await.id, db.add_product("Second", 5).await.id);
    let later = NOW + Duration::from_secs(1);
    let mut tx = db.begin().await;
    let stocks = tx.stock().change(&[change(first, -5), change(second, 7)], later).await.unwrap();
    let after = |product_id, on_hand| Stock {
        on_hand,
        updated_at: later,
        version: Version(2),
        ..Stock::new(product_id, 5, NOW)
    };
    assert_eq!(stocks, Some(vec![after(first, 0), after(second, 12)]));
    assert_eq!(tx.stock().lock(second).await.unwrap(), Some(after(second, 12)));
    assert_eq!(tx.stock().change(&[], later).await.unwrap(), Some(vec![]));
    tx.commit().await.unwrap();
    let stock = db.database.stock().get(second).await.unwrap();
    assert_eq!(stock, Some(after(second, 12)));
}

async fn a_sale_never_takes_stock_below_zero_and_changes_all_or_nothing_r61(db: TestDb) {
    let (first, second) = (db.add_product("First", 5).await.id, db.add_product("Second", 1).await.id);
    let mut tx = db.begin().await;
    assert_eq!(tx.stock().change(&[change(first, -1), change(second, -2)], NOW).await.unwrap(), None);
    tx.rollback().await.unwrap();
    assert_eq!(db.database.stock().get(first).await.unwrap(), Some(Stock::new(first, 5, NOW)));
}

async fn stock_never_rises_above_its_bound_r41(db: TestDb) {
    let id = db.add_product("Many", MAX_ON_HAND - 1).await.id;
    let mut tx = db.begin().await;
    assert_eq!(tx.stock().change(&[change(id, 2)], NOW).await.unwrap(), None);
    assert_eq!(tx.stock().change(&[change(id, -MAX_ON_HAND)], NOW).await.unwrap(), None);
    assert!(tx.stock().change(&[change(id, 1)], NOW).await.unwrap().is_some());
    assert_eq!(tx.stock().lock(id).await.unwrap().unwrap().on_hand, MAX_ON_HAND);
}

async fn a_change_of_unknown_stock_is_none_r41(db: TestDb) {
    let (known, unknown) = (db.add_product("Known", 5).await.id, ProductId(id()));
    let mut tx = db.begin().await;
    assert_eq!(tx.stock().change(&[change(known, 1), change(unknown, 1)], NOW).await.unwrap(), None);
    assert_eq!(tx.stock().lock(unknown).await.unwrap(), None);
    assert_eq!(db.database.stock().get(unknown).await.unwrap(), None);
}

async fn fifty_buyers_at_two_servers_of_twenty_units_get_exactly_twenty_r61(db: TestDb) {
    let id = db.add_product("Scarce", 20).await.id;
    let servers = [db.database.clone(), connect(&db.url).await];
    let bought = at_once(50, |index| {
        let transactions = servers[index % 2].transactions();
        async move {
            let mut tx = transactions.begin().await.unwrap();
            // What has been read before must not matter.
            tx.products().offers(&[id]).await.unwrap();
            match tx.stock().change(&[change(id, -1)], NOW).await.unwrap() {
                Some(_) => tx.commit().await.is_ok(),
                None => false,
            }
        }
    })
    .await;
    assert_eq!(bought.into_iter().filter(|bought| *bought).count(), 20);
    let stock = db.database.stock().get(id).await.unwrap().unwrap();
    assert_eq!((stock.on_hand, stock.version), (0, Version(21)));
    servers[1].close().await;
}

async fn buyers_of_the_same_products_do_not_lose_a_unit_r61(db: TestDb) {
    let (first, second) = (db.add_product("First", 100).await.id, db.add_product("Second", 100).await.id);
    at_once(30, |index| {
        let db = db.clone();
        async move {
            // Each change names its products in order of id, so none of them can meet another in opposite order.
            let one = [change(if index % 2 == 0 { first } else { second }, -1)];
            let both = [change(first, -1), change(second, -1)];
            let changes = if index % 3 == 0 { &one[..] } else { &both[..] };
            let mut tx = db.begin().await;
            assert!(tx.stock().change(changes, NOW).await.unwrap().is_some());
            tx.commit().await.unwrap();
        }
    })
    .await;
    assert_eq!(db.database.stock().get(first).await.unwrap().unwrap().on_hand, 75);
    assert_eq!(db.database.stock().get(second).await.unwrap().unwrap().on_hand, 75);
}

async fn products(db: &TestDb, count: usize, on_hand: i64) -> Vec<Product> {
    let mut all = Vec::new();
    for n in 0..count {
        all.push(db.add_product(&format!("Plenty {n}"), on_hand).await);
    }
    all
}

/// Sells one unit of each product.
async fn sell(db: &TestDb, products: &[Product], at: UtcDateTime) -> Result<Order, StoreError> {
    let order = order(CustomerId(id()), &products.iter().collect::<Vec<_>>(), at);
    let mut tx = db.begin().await;
    tx.orders().insert(&order).await?;
    tx.stock().sell(&order).await?;
    tx.commit().await.map(|()| order)
}

async fn what_there_is_plenty_of_is_sold_with_the_commit_r43_r61(db: TestDb) {
    let later = NOW + Duration::from_secs(1);
    // A few are sold in another way than many.
    for count in [1, 3, 20] {
        let products = products(&db, count, 2).await;
        let order = sell(&db, &products, later).await.unwrap();
        for Product { id, .. } in products {
            let stock = db.database.stock().get(id).await.unwrap().unwrap();
            assert_eq!(stock, Stock { updated_at: later, version: Version(2), ..Stock::new(id, 1, NOW) }, "{count}");
            let sale = Movement { reference: Some(order.id.0), ..Movement::to(&stock, MovementKind::Sale, -1, later) };
            assert_eq!(db.database.stock().movement(id, 2).await.unwrap(), Some(sale), "{count}");
        }
    }
}

async fn whoever_bets_on_plenty_that_is_not_there_has_lost_a_race_r44_r61(db: TestDb) {
    for count in [0, 3, 20] {
        let plenty = products(&db, count, 2).await;
        let due = db.add_product("Due", 5).await;
        let mut tx = db.begin().await;
        tx.stock().set_policy(due.id, RestockPolicy::parse(5, 9).unwrap(), NOW).await.unwrap();
        tx.commit().await.unwrap();
        for scarce in [due, db.add_product("Last", 1).await, db.add_product("None", 0).await, product("Gone", None)] {
            let before = db.database.stock().get(scarce.id).await.unwrap();
            let mut all = plenty.clone();
            all.push(scarce);
            let lost = sell(&db, &all, NOW).await;
            assert!(matches!(lost, Err(StoreError::Raced(_))), "{count}: {lost:?}");
            for (Product { id, name, .. }, expected) in all.iter().zip(plenty.iter().map(|_| 2).chain([-1])) {
                let stock = db.database.stock().get(*id).await.unwrap();
                match expected {
                    -1 => assert_eq!(stock, before, "{name:?}"),
                    on_hand => assert_eq!(stock, Some(Stock::new(*id, on_hand, NOW)), "{name:?}"),
                }
                assert_eq!(db.database.stock().movement(*id, 2).await.unwrap(), None);
            }
        }
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM orders").await, 0);
}

async fn many_at_once_who_bet_on_plenty_lose_no_unit_r61(db: TestDb) {
    let products = products(&db, 2, 21).await;
    let sold = at_once(40, |_| {
        let (db, products) = (db.clone(), products.clone());
        async move { sell(&db, &products, NOW).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = sold.into_iter().partition(Result::is_ok);
    assert!(lost.iter().all(|lost| matches!(lost, Err(StoreError::Raced(_)))), "{lost:?}");
    // The last unit is never taken like this.
    assert_eq!(won.len(), 20);
    for Product { id, .. } in products {
        assert_eq!(db.database.stock().get(id).await.unwrap().unwrap().on_hand, 1);
    }
}

async fn the_database_itself_refuses_stock_below_zero_r61(db: TestDb) {
    let id = db.add_product("Teapot", 1).await.id;
    assert!(db.execute("UPDATE stock SET on_hand = on_hand - 2 WHERE product_id = ?", id.0).await.is_err());
    assert_eq!(db.database.stock().get(id).await.unwrap().unwrap().on_hand, 1);
}

async fn move_stock(db: &TestDb, id: ProductId, quantity: i64) -> Option<Movement> {
    let mut tx = db.begin().await;
    let stock = tx.stock().change(&[change(id, quantity)], NOW).await.unwrap()?.remove(0);
    let reason = Some(Reason::parse("counted\nagain 🦊").unwrap());
    let made = Movement::to(&stock, MovementKind::Adjustment, quantity, NOW);
    let movement = Movement { reason, reference: Some(id.0), ..made };
    tx.stock().record(std::slice::from_ref(&movement)).await.unwrap();
    tx.commit().await.unwrap();
    Some(movement)
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
    let all = db.database.stock().movements(id, &first(100)).await.unwrap().unwrap().items;
    assert_eq!(all.iter().map(|movement| movement.quantity).sum::<i64>(), expected);
    assert_eq!(db.database.stock().get(id).await.unwrap().unwrap().on_hand, expected);
    let mut balance = expected;
    for movement in &all {
        assert_eq!(movement.balance, balance);
        balance -= movement.quantity;
    }
}

async fn pages_of_movements_are_newest_first_without_gap_or_repeat_r43(db: TestDb) {
    let (id, other) = (db.add_product("Teapot", 0).await.id, db.add_product("Other", 0).await.id);
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(move_stock(&db, id, 1).await.unwrap());
        move_stock(&db, other, 1).await.unwrap();
    }
    let stock = db.database.stock();
    assert_eq!(stock.movement(id, made[3].sequence).await.unwrap().as_ref(), Some(&made[3]));
    assert_eq!(stock.movement(id, 99).await.unwrap(), None);
    made.reverse();
    for limit in [1, 3, 7, 100] {
        let read = async |page| stock.movements(id, &page).await.unwrap().unwrap();
        assert_eq!(every_page(limit, read).await, made, "in pages of {limit}");
    }
}

async fn movements_of_no_product_are_none_and_of_a_new_one_empty_r43(db: TestDb) {
    let stock = db.database.stock();
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
    let queries = db.database.stock();
    for below_threshold in [None, Some(true), Some(false)] {
        let filter = StockFilter { below_threshold };
        let read = async |page| queries.list(&filter, &page).await.unwrap();
        let wanted = all.iter().filter(|stock| below_threshold.is_none_or(|below| stock.below_threshold() == below));
        assert_eq!(every_page(2, read).await, wanted.cloned().collect::<Vec<_>>(), "{below_threshold:?}");
    }
}

async fn stock_of_no_product_is_refused_r40(db: TestDb) {
    let refused = db.begin().await.stock().insert(&Stock::new(ProductId(id()), 1, NOW)).await;
    assert!(matches!(refused, Err(StoreError::Internal(_))), "{refused:?}");
}

async fn a_policy_raises_the_version_and_stays_through_sales_r42(db: TestDb) {
    let id = db.add_product("Teapot", 5).await.id;
    let (later, policy) = (NOW + Duration::from_secs(1), RestockPolicy::parse(3, 9).unwrap());
    let mut tx = db.begin().await;
    tx.stock().set_policy(id, policy, later).await.unwrap();
    let stock = tx.stock().lock(id).await.unwrap().unwrap();
    let limits = Stock { restock_threshold: 3, restock_target: 9, ..Stock::new(id, 5, NOW) };
    assert_eq!(stock, Stock { updated_at: later, version: Version(2), ..limits.clone() });
    let sold = tx.stock().change(&[change(id, -4)], later).await.unwrap().unwrap();
    assert_eq!(sold, [Stock { on_hand: 1, updated_at: later, version: Version(3), ..limits }]);
    tx.commit().await.unwrap();
    let below = StockFilter { below_threshold: Some(true) };
    assert_eq!(db.database.stock().list(&below, &first(20)).await.unwrap().items, sold);
}

async fn due_stock_is_what_is_below_its_threshold_with_no_restock_open_r44(db: TestDb) {
    let mut due = Vec::new();
    for (on_hand, restocked) in [(1, false), (1, true), (2, false), (0, false), (0, true), (0, false)] {
        let id = db.add_product("Teapot", on_hand).await.id;
        let mut tx = db.begin().await;
        tx.stock().set_policy(id, RestockPolicy::parse(2, 9).unwrap(), NOW).await.unwrap();
        let stock = tx.stock().lock(id).await.unwrap().unwrap();
        if restocked {
            let restock = Restock::filling(RestockId(self::id()), &stock, NOW);
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
