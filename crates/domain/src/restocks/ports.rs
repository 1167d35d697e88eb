use async_trait::async_trait;

use super::{Restock, RestockAge, RestockId, RestockStatus};
use crate::products::ProductId;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// Restocks within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RestockRepository: Send {
    /// Those of `products`, whose stock is locked, that have an open restock.
    async fn open_for(&mut self, products: &[ProductId]) -> Result<Vec<ProductId>, StoreError>;

    /// Inserts restocks of products that have none open.
    async fn insert(&mut self, restocks: &[Restock]) -> Result<(), StoreError>;

    /// The restock as it is now, and locked until the transaction ends.
    async fn lock(&mut self, id: RestockId) -> Result<Option<Restock>, StoreError>;

    /// Up to `limit` open restocks that were opened at `before` or earlier, the oldest first, locked until the
    /// transaction ends. With `after`, only those that come after it in that order. Restocks that another transaction
    /// has locked are left out where the database can skip them.
    async fn lock_open(
        &mut self,
        before: UtcDateTime,
        after: Option<RestockAge>,
        limit: u64,
    ) -> Result<Vec<Restock>, StoreError>;

    /// Writes a locked restock.
    async fn update(&mut self, restock: &Restock) -> Result<(), StoreError>;
}

/// Which restocks a list holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RestockFilter {
    /// Only those of this status.
    pub status: Option<RestockStatus>,
}

/// Reads of restocks, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RestockQueries: Send + Sync {
    /// The restock with this id.
    async fn get(&self, id: RestockId) -> Result<Option<Restock>, StoreError>;

    /// A page of restocks, newest first.
    async fn list(&self, filter: &RestockFilter, page: &PageRequest) -> Result<Page<Restock>, StoreError>;
}
