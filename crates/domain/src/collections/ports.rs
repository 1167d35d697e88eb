use async_trait::async_trait;

use super::{Collection, CollectionId, CollectionKey, ListedCollection};
use crate::products::ProductId;
use crate::{Page, PageRequest, StoreError};

/// Collections within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CollectionRepository: Send {
    /// Inserts a new collection with its pins.
    ///
    /// # Errors
    /// `Duplicate(Collection::UNIQUE_SLUG)` if another collection has the slug; `Raced` if a product was deleted meanwhile.
    async fn insert(&mut self, collection: &Collection) -> Result<(), StoreError>;

    /// The current collection, locked until the transaction ends.
    async fn lock(&mut self, key: &CollectionKey) -> Result<Option<Collection>, StoreError>;

    /// Writes a locked collection with its pins.
    ///
    /// # Errors
    /// As [`Self::insert`].
    async fn update(&mut self, collection: &Collection) -> Result<(), StoreError>;

    /// Deletes a locked collection with its pins and slugs.
    async fn delete(&mut self, id: CollectionId) -> Result<(), StoreError>;

    /// How many collections there are.
    async fn count(&mut self) -> Result<u64, StoreError>;

    /// Those of these products that stand, in any order. Nothing is locked.
    async fn standing(&mut self, ids: &[ProductId]) -> Result<Vec<ProductId>, StoreError>;
}

/// Reads of collections, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CollectionQueries: Send + Sync {
    /// The collection with this id or slug.
    async fn get(&self, key: &CollectionKey) -> Result<Option<Collection>, StoreError>;

    /// A page of collections, in order of position, and of creation at the same one.
    async fn list(&self, page: &PageRequest) -> Result<Page<ListedCollection>, StoreError>;
}
