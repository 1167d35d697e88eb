use async_trait::async_trait;

use super::{Restock, RestockAge, RestockId, RestockStatus};
use crate::products::ProductId;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// Restocks within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait RestockRepository: Send {
    /// The ones of `products` for which no restock may be opened: one is open, or their status
    /// [is not restocked](crate::products::ProductStatus::is_restocked). The caller has locked their stock.
    async fn barred(&mut self, products: &[ProductId]) -> Result<Vec<ProductId>, StoreError>;

    /// Inserts restocks. None of their products has an open one.
    async fn insert(&mut self, restocks: &[Restock]) -> Result<(), StoreError>;

    /// The current restock, locked until the transaction ends.
    async fn lock(&mut self, id: RestockId) -> Result<Option<Restock>, StoreError>;

    /// Up to `limit` open restocks that were opened at `before` or earlier, the oldest first, locked until the
    /// transaction ends. Those of products that are not restocked are left out. With `after`, only those that come after
    /// it in that order. Restocks that another transaction has locked are skipped if the database supports it.
    async fn lock_open(
        &mut self,
        before: UtcDateTime,
        after: Option<RestockAge>,
        limit: u64,
    ) -> Result<Vec<Restock>, StoreError>;

    /// Writes a locked restock.
    async fn update(&mut self, restock: &Restock) -> Result<(), StoreError>;
}

/// The filter of a list of restocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestockFilter {
    /// Only restocks of these products; empty for all.
    pub product_ids: Vec<ProductId>,
    /// Only restocks with this status.
    pub status: Option<RestockStatus>,
}

/// Reads of restocks, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait RestockQueries: Send + Sync {
    /// The restock with this id; `None` if there is none.
    async fn get(&self, id: RestockId) -> Result<Option<Restock>, StoreError>;

    /// A page of restocks, newest first.
    async fn list(&self, filter: &RestockFilter, page: &PageRequest) -> Result<Page<Restock>, StoreError>;
}
