use std::time::Duration;

use application::restocks::{ReceiveRestock, RunRestocks};
use application::stock::AdjustStock;
use application::{Conflict, Error};
use domain::StoreError;
use domain::products::ProductId;
use domain::restocks::{Restock, RestockFilter, RestockId, RestockStatus};
use domain::stock::{Adjustment, MovementKind, Reason, RestockPolicy, Stock};

use crate::support::{NOW, TestDb, at_once, every_page, first, id};

on_every_database!(
    a_restock_is_read_as_it_was_stored_and_can_be_closed_r45,
    restocks_are_listed_newest_first_without_gap_or_repetition_r45,
    the_schema_allows_one_open_restock_per_product_r44,
    restocks_locked_by_another_transaction_are_skipped_r45,
    one_of_many_concurrent_runs_opens_each_restock_r44,
    one_of_many_concurrent_sales_below_the_threshold_opens_a_restock_r44,
    one_of_many_concurrent_receipts_of_a_restock_succeeds_r45,
    an_archived_product_is_not_restocked_and_its_open_restock_stays,
);

fn restock(product_id: ProductId) -> Restock {
    let stock = Stock { restock_threshold: 3, restock_target: 9, ..Stock::new(product_id, 1, NOW) };
    Restock::due(RestockId(id()), &stock, NOW)
}

async fn insert(db: &TestDb, restock: &Restock) -> Result<(), StoreError> {
    let mut tx = db.begin().await;
    tx.restocks().insert(std::slice::from_ref(restock)).await?;
    tx.commit().await
}

/// A product that is to be restocked below three units.
async fn add_product(db: &TestDb, on_hand: i64) -> ProductId {
    let id = db.add_product("Teapot", on_hand).await.id;
    let mut tx = db.begin().await;
    let stock = tx.stock().lock(&[id]).await.unwrap().remove(0);
    tx.stock().set_policy(&stock.with_policy(RestockPolicy::parse(3, 9).unwrap(), NOW)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn open(db: &TestDb) -> Vec<Restock> {
    let filter = RestockFilter { status: Some(RestockStatus::Open), ..RestockFilter::default() };
    db.database.queries().restocks.list(&filter, &first(100)).await.unwrap().items
}

async fn a_restock_is_read_as_it_was_stored_and_can_be_closed_r45(db: TestDb) {
    let (made, restocks) = (restock(ProductId(id())), db.database.queries().restocks);
    insert(&db, &made).await.unwrap();
    assert_eq!(restocks.get(made.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(restocks.get(RestockId(id())).await.unwrap(), None);
    let mut tx = db.begin().await;
    let others = [ProductId(id()), made.product_id];
    assert_eq!(tx.restocks().barred(&others).await.unwrap(), [made.product_id]);
    let locked = tx.restocks().lock(made.id).await.unwrap().unwrap();
    let received = locked.receive(None, NOW + Duration::from_secs(1)).unwrap();
    tx.restocks().update(&received).await.unwrap();
    assert_eq!(tx.restocks().barred(&others).await.unwrap(), []);
    tx.commit().await.unwrap();
    assert_eq!(restocks.get(made.id).await.unwrap(), Some(received));
}

async fn restocks_are_listed_newest_first_without_gap_or_repetition_r45(db: TestDb) {
    let mut all = Vec::new();
    for index in 0..7 {
        let made = restock(ProductId(id()));
        insert(&db, &made).await.unwrap();
        let now = match index % 3 {
            0 => made,
            1 => made.receive(None, NOW).unwrap(),
            _ => made.cancel(NOW).unwrap(),
        };
        let mut tx = db.begin().await;
        tx.restocks().update(&now).await.unwrap();
        tx.commit().await.unwrap();
        all.insert(0, now);
    }
    let restocks = db.database.queries().restocks;
    for status in [None, Some(RestockStatus::Open), Some(RestockStatus::Received), Some(RestockStatus::Cancelled)] {
        let filter = RestockFilter { status, ..RestockFilter::default() };
        let wanted = all.iter().filter(|restock| status.is_none_or(|status| restock.status == status));
        let wanted: Vec<_> = wanted.cloned().collect();
        for limit in [1, 3, 100] {
            let read = async |page| restocks.list(&filter, &page).await.unwrap();
            assert_eq!(every_page(limit, read).await, wanted, "{status:?} in pages of {limit}");
        }
        let product_ids = all.iter().skip(2).map(|restock| restock.product_id).collect();
        let filter = RestockFilter { product_ids, status };
        let wanted: Vec<_> = wanted.into_iter().filter(|one| all[2..].contains(one)).collect();
        assert_eq!(restocks.list(&filter, &first(100)).await.unwrap().items, wanted, "{status:?} of some products");
    }
}

async fn the_schema_allows_one_open_restock_per_product_r44(db: TestDb) {
    let product = ProductId(id());
    let first = restock(product);
    insert(&db, &first).await.unwrap();
    let refused = insert(&db, &restock(product)).await;
    assert!(matches!(refused, Err(StoreError::Raced(_))), "{refused:?}");
    for is_received in [true, false] {
        let last = open(&db).await.remove(0);
        let closed = if is_received { last.receive(None, NOW) } else { last.cancel(NOW) };
        let mut tx = db.begin().await;
        tx.restocks().update(&closed.unwrap()).await.unwrap();
        tx.restocks().insert(&[restock(product)]).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!((open(&db).await.len(), db.number("SELECT COUNT(*) FROM restocks").await), (1, 3));
}

async fn restocks_locked_by_another_transaction_are_skipped_r45(db: TestDb) {
    let mut all = Vec::new();
    for seconds in [2, 0, 1, 3] {
        let opened_at = NOW + Duration::from_secs(seconds);
        let made = Restock { opened_at, ..restock(ProductId(id())) };
        insert(&db, &made).await.unwrap();
        all.push(made.id);
    }
    let ids = |restocks: Vec<Restock>| restocks.into_iter().map(|restock| restock.id).collect::<Vec<_>>();
    let due = NOW + Duration::from_secs(2);
    let mut tx = db.begin().await;
    assert_eq!(ids(tx.restocks().lock_open(due, None, 2).await.unwrap()), [all[1], all[2]], "the oldest first");
    if !db.is_sqlite() {
        let mut other = db.begin().await;
        assert_eq!(ids(other.restocks().lock_open(due, None, 9).await.unwrap()), [all[0]], "those that are left");
    }
    drop(tx);
    let mut tx = db.begin().await;
    let locked = tx.restocks().lock_open(due, None, 9).await.unwrap();
    let second = Some(locked[1].age());
    assert_eq!(ids(locked), [all[1], all[2], all[0]]);
    assert_eq!(ids(tx.restocks().lock_open(due, second, 9).await.unwrap()), [all[0]], "those that are younger");
}

async fn one_of_many_concurrent_runs_opens_each_restock_r44(db: TestDb) {
    for on_hand in [1, 5, 2, 0] {
        add_product(&db, on_hand).await;
    }
    let batches = at_once(8, |_| {
        let runner = db.runner();
        async move { runner.run(RunRestocks).await.unwrap() }
    })
    .await;
    let opened: usize = batches.iter().map(|batch| batch.opened.len()).sum();
    let mut quantities: Vec<_> = open(&db).await.iter().map(|restock| restock.quantity).collect();
    quantities.sort_unstable();
    assert_eq!((opened, quantities), (3, vec![7, 8, 9]));
}

async fn one_of_many_concurrent_sales_below_the_threshold_opens_a_restock_r44(db: TestDb) {
    let product_id = add_product(&db, 8).await;
    at_once(8, |_| {
        let (runner, reason) = (db.runner(), Reason::parse("sold").unwrap());
        let adjust = AdjustStock { product_id, adjustment: Adjustment::parse(-1).unwrap(), reason };
        async move { runner.run(adjust).await.unwrap() }
    })
    .await;
    let open: Vec<_> = open(&db).await.iter().map(|restock| (restock.product_id, restock.quantity)).collect();
    assert_eq!(open, [(product_id, 7)], "opened when the sixth was sold");
}

async fn one_of_many_concurrent_receipts_of_a_restock_succeeds_r45(db: TestDb) {
    let product_id = add_product(&db, 1).await;
    let id = db.runner().run(RunRestocks).await.unwrap().opened.remove(0).id;
    let outcomes = at_once(5, |_| {
        let runner = db.runner();
        async move { runner.run(ReceiveRestock { id, came: None }).await }
    })
    .await;
    let closed = Error::Conflict(Conflict::RestockClosed(RestockStatus::Received)).to_string();
    let refused = outcomes.iter().filter(|outcome| outcome.as_ref().is_err_and(|error| error.to_string() == closed));
    assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), refused.count()), (1, 4), "{outcomes:?}");
    let stock = db.database.queries().stock;
    assert_eq!(stock.get(product_id).await.unwrap().unwrap().on_hand, 9);
    let movements = stock.movements(product_id, &first(20)).await.unwrap().unwrap().items;
    assert_eq!((movements[0].kind, movements[0].reference), (MovementKind::Restock, Some(id.0)));
}

async fn an_archived_product_is_not_restocked_and_its_open_restock_stays(db: TestDb) {
    let (archived, waits, sold) = (add_product(&db, 1).await, add_product(&db, 1).await, add_product(&db, 5).await);
    let on_its_way = restock(waits);
    insert(&db, &on_its_way).await.unwrap();
    for product in [archived, waits, sold] {
        db.archive(product).await;
    }
    let (reason, adjustment) = (Reason::parse("broken").unwrap(), Adjustment::parse(-4).unwrap());
    db.runner().run(AdjustStock { product_id: sold, adjustment, reason }).await.unwrap();
    let run = db.runner().run(RunRestocks).await.unwrap();
    assert!(run.opened.is_empty() && run.complete, "{run:?}");
    let mut tx = db.begin().await;
    let mut barred = tx.restocks().barred(&[archived, waits, sold]).await.unwrap();
    barred.sort_unstable();
    assert_eq!(barred, [archived, waits, sold]);
    let later = NOW + Duration::from_hours(1);
    assert_eq!(tx.restocks().lock_open(later, None, 9).await.unwrap(), []);
    drop(tx);
    assert_eq!(open(&db).await, std::slice::from_ref(&on_its_way), "it stays open");
    // Somebody who has the units in hand may still say so.
    db.runner().run(ReceiveRestock { id: on_its_way.id, came: None }).await.unwrap();
    assert_eq!(db.database.queries().stock.get(waits).await.unwrap().unwrap().on_hand, 9);
}
