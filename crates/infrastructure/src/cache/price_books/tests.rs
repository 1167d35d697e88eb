use std::time::Instant;

use domain::pricing::{MockPricingQueries, PricingData};
use mockall::Sequence;

use super::*;

/// Books of a shop whose data is read this often, each time at a higher version.
fn books(reads: i64) -> (CachedPriceBooks, Arc<Changes>) {
    let mut queries = MockPricingQueries::new();
    let mut order = Sequence::new();
    for version in 1..=reads {
        let read = queries.expect_data().once().in_sequence(&mut order);
        read.return_once(move || Ok(PricingData { version, ..PricingData::default() }));
    }
    let changes = Arc::new(Changes::default());
    changes.looked(Instant::now(), |_| false);
    (CachedPriceBooks::new(Arc::new(queries), PricingSettings::default(), changes.clone()), changes)
}

#[tokio::test]
async fn the_book_is_read_once_for_each_change_of_prices_however_often_it_is_asked_for_r108() {
    let (books, changes) = books(500);
    for version in 1..=500 {
        for _ in 0..20 {
            changes.looked(Instant::now(), |_| false);
            assert_eq!(books.current().await.unwrap().version(), version);
        }
        changes.of(Subject::Pricing).changed();
    }
}

#[tokio::test]
async fn many_who_ask_at_once_wait_for_one_read_r108() {
    let (books, _) = books(1);
    let asked = futures_util::future::join_all((0..20).map(|_| books.current())).await;
    assert!(asked.into_iter().all(|book| book.unwrap().version() == 1));
}

#[tokio::test]
async fn a_book_that_cannot_be_read_is_asked_for_again_r108() {
    let mut queries = MockPricingQueries::new();
    let mut order = Sequence::new();
    let away = queries.expect_data().once().in_sequence(&mut order);
    away.return_once(|| Err(StoreError::Unavailable("gone".into())));
    queries.expect_data().once().in_sequence(&mut order).return_once(|| Ok(PricingData::default()));
    let books = CachedPriceBooks::new(Arc::new(queries), PricingSettings::default(), Arc::default());
    assert!(matches!(books.current().await, Err(StoreError::Unavailable(_))));
    assert!(books.current().await.is_ok());
}
