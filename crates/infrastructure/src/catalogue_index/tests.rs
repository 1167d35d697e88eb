use std::sync::Mutex as Lock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::catalogue::{CountedProduct, MockCatalogueQueries};
use domain::products::ProductStatus;

use super::*;
use crate::cache::Recount;

fn id(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

fn product(n: u128) -> CountedProduct {
    CountedProduct {
        id: id(n),
        name: ["Teapot", "Kettle", "Bottle", "Basket"][usize::try_from(n).unwrap() % 4].to_owned(),
        group_id: None,
        price: 1,
        status: ProductStatus::Active,
        in_stock: true,
        on_sale: false,
        terms: Vec::new(),
        numbers: Vec::new(),
    }
}

/// A database whose products are these, and how often all of them were read.
fn database(products: &Arc<Lock<Vec<u128>>>, reads: &Arc<AtomicUsize>) -> MockCatalogueQueries {
    let mut queries = MockCatalogueQueries::new();
    let (all, reads) = (products.clone(), reads.clone());
    queries.expect_counted_after().returning(move |after, _| {
        let all = all.lock().unwrap();
        if after.is_none() {
            reads.fetch_add(1, Ordering::SeqCst);
        }
        Ok(all.iter().filter(|n| after.is_none_or(|after| id(**n) > after)).map(|n| product(*n)).collect())
    });
    let all = products.clone();
    queries.expect_counted().returning(move |ids| {
        let all = all.lock().unwrap();
        Ok(all.iter().filter(|n| ids.contains(&id(**n))).map(|n| product(*n)).collect())
    });
    queries.expect_passing().returning(|_, most| Ok((most == FOUND).then(|| vec![id(1), id(99)])));
    queries
}

/// A database that does not answer one read of products that changed, if it is so set.
struct Hanging(MockCatalogueQueries, Arc<AtomicBool>);

#[async_trait]
impl CatalogueQueries for Hanging {
    async fn counted_after(&self, after: Option<ProductId>, limit: u64) -> Result<Vec<CountedProduct>, StoreError> {
        self.0.counted_after(after, limit).await
    }

    async fn counted(&self, ids: &[ProductId]) -> Result<Vec<CountedProduct>, StoreError> {
        if self.1.swap(false, Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.0.counted(ids).await
    }

    async fn passing(&self, filter: &ProductFilter, most: u64) -> Result<Option<Vec<ProductId>>, StoreError> {
        self.0.passing(filter, most).await
    }
}

/// A database in which many products change whenever all are read: fewer than are named at once, but not twice as few.
struct Changing(MockCatalogueQueries, Arc<Changes>, AtomicUsize);

#[async_trait]
impl CatalogueQueries for Changing {
    async fn counted_after(&self, after: Option<ProductId>, limit: u64) -> Result<Vec<CountedProduct>, StoreError> {
        let round = u128::try_from(self.2.fetch_add(1, Ordering::SeqCst)).unwrap();
        let mut recount = Recount::default();
        recount.add((1..=6_000).map(|n| Uuid::from_u128(round * 6_000 + n)));
        self.1.counted().changed(&recount);
        self.0.counted_after(after, limit).await
    }

    async fn counted(&self, ids: &[ProductId]) -> Result<Vec<CountedProduct>, StoreError> {
        self.0.counted(ids).await
    }

    async fn passing(&self, filter: &ProductFilter, most: u64) -> Result<Option<Vec<ProductId>>, StoreError> {
        self.0.passing(filter, most).await
    }
}

fn index(queries: impl CatalogueQueries + 'static, most_bytes: usize) -> (CatalogueIndex, Arc<Changes>) {
    let changes = Arc::new(Changes::default());
    changes.looked(Instant::now(), |_| false);
    (CatalogueIndex::new(Arc::new(queries), changes.clone(), most_bytes), changes)
}

async fn total(index: &CatalogueIndex, changes: &Changes, filter: ProductFilter) -> Option<u64> {
    changes.looked(Instant::now(), |_| false);
    let question = Question { filter, facets: vec![] };
    index.counts(&question).await.unwrap().map(|counts| counts.total)
}

/// The total once the index is there.
async fn total_soon(index: &CatalogueIndex, changes: &Changes) -> u64 {
    loop {
        if let Some(total) = total(index, changes, ProductFilter::default()).await {
            return total;
        }
        tokio::task::yield_now().await;
    }
}

fn changed(n: u128) -> Recount {
    let mut recount = Recount::default();
    recount.add([Uuid::from_u128(n)]);
    recount
}

#[tokio::test]
async fn only_changed_products_are_read_again_r221() {
    let (products, reads) = (Arc::new(Lock::new(vec![1, 2, 3])), Arc::new(AtomicUsize::new(0)));
    let (index, changes) = index(database(&products, &reads), 1 << 20);
    assert_eq!(total(&index, &changes, ProductFilter::default()).await, None, "it is made when it is first asked for");
    assert_eq!(total_soon(&index, &changes).await, 3);
    products.lock().unwrap().push(4);
    changes.counted().changed(&changed(4));
    assert_eq!(total_soon(&index, &changes).await, 4);
    products.lock().unwrap().retain(|n| *n != 2);
    changes.counted().changed(&changed(2));
    assert_eq!(total_soon(&index, &changes).await, 3);
    assert_eq!(reads.load(Ordering::SeqCst), 1);
    products.lock().unwrap().clear();
    changes.counted().changed(&Recount::Any);
    assert_eq!(total_soon(&index, &changes).await, 0);
    assert_eq!(reads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn columns_are_made_while_more_products_change_than_are_named_at_once_r221() {
    let (products, reads) = (Arc::new(Lock::new(vec![1, 2, 3])), Arc::new(AtomicUsize::new(0)));
    let changes = Arc::new(Changes::default());
    changes.looked(Instant::now(), |_| false);
    let queries = Changing(database(&products, &reads), changes.clone(), AtomicUsize::new(0));
    let index = CatalogueIndex::new(Arc::new(queries), changes.clone(), 1 << 20);
    let total = tokio::time::timeout(Duration::from_secs(20), total_soon(&index, &changes)).await;
    assert_eq!((total, reads.load(Ordering::SeqCst)), (Ok(3), 1));
}

#[tokio::test]
async fn a_change_is_not_forgotten_when_who_asks_goes_away_before_it_is_read_r221() {
    let (products, reads) = (Arc::new(Lock::new(vec![1, 2, 3])), Arc::new(AtomicUsize::new(0)));
    let hangs = Arc::new(AtomicBool::new(false));
    let (index, changes) = index(Hanging(database(&products, &reads), hangs.clone()), 1 << 20);
    assert_eq!(total_soon(&index, &changes).await, 3);
    products.lock().unwrap().push(4);
    changes.counted().changed(&changed(4));
    hangs.store(true, Ordering::SeqCst);
    let gone = total(&index, &changes, ProductFilter::default());
    assert!(tokio::time::timeout(Duration::from_millis(20), gone).await.is_err());
    assert_eq!(total_soon(&index, &changes).await, 4);
    assert_eq!(reads.load(Ordering::SeqCst), 1, "not all were read again");
}

#[tokio::test]
async fn conditions_outside_the_index_are_asked_of_the_database_r222() {
    let (products, reads) = (Arc::new(Lock::new(vec![1, 2, 3])), Arc::new(AtomicUsize::new(0)));
    let (index, changes) = index(database(&products, &reads), 1 << 20);
    assert_eq!(total_soon(&index, &changes).await, 3);
    let search = domain::SearchText::parse("mug").unwrap();
    let filter = ProductFilter { search, ..ProductFilter::default() };
    assert_eq!(total(&index, &changes, filter).await, Some(1));
}

#[tokio::test]
async fn a_long_list_is_not_counted_if_the_index_is_off_too_large_or_not_trusted_r222() {
    let (products, reads) = (Arc::new(Lock::new((1..100).collect())), Arc::new(AtomicUsize::new(0)));
    for most_bytes in [0, 100] {
        let (index, changes) = index(database(&products, &reads), most_bytes);
        for _ in 0..20 {
            assert_eq!(total(&index, &changes, ProductFilter::default()).await, None);
            tokio::task::yield_now().await;
        }
    }
    let index = CatalogueIndex::new(Arc::new(database(&products, &reads)), Arc::default(), 1 << 20);
    let question = Question { filter: ProductFilter::default(), facets: vec![] };
    assert_eq!(index.counts(&question).await.unwrap(), None, "nobody knows what other servers do");
}

#[tokio::test]
async fn words_of_names_follow_changes_and_are_unknown_until_the_index_is_there_r225() {
    let (products, reads) = (Arc::new(Lock::new(vec![4, 5])), Arc::new(AtomicUsize::new(0)));
    let (index, changes) = index(database(&products, &reads), 1 << 20);
    let meant = async |text: &str| {
        changes.looked(Instant::now(), |_| false);
        index.meant(&domain::SearchText::parse(text).unwrap().unwrap()).await.unwrap()
    };
    assert_eq!(meant("teapto").await, [""; 0]);
    total_soon(&index, &changes).await;
    assert_eq!((meant("teapto").await, meant("botlte").await), (vec!["teapot".to_owned()], vec![]));
    products.lock().unwrap().push(6);
    changes.counted().changed(&changed(6));
    assert_eq!(meant("botlte").await, ["bottle"]);
    let off = CatalogueIndex::new(Arc::new(database(&products, &reads)), changes.clone(), 0);
    assert_eq!(off.meant(&domain::SearchText::parse("teapto").unwrap().unwrap()).await.unwrap(), [""; 0]);
}
