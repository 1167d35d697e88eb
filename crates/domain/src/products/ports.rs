use async_trait::async_trait;

use super::{Offer, Product, ProductFilter, ProductId, ProductView};
use crate::{Page, PageRequest, StoreError};

/// Products within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProductRepository: Send {
    /// Keeps a new product.
    ///
    /// # Errors
    /// `Duplicate(ProductSku)` if the SKU is taken.
    async fn insert(&mut self, product: &Product) -> Result<(), StoreError>;

    /// What is offered now of `ids`, in order of id. Ids that name nothing are left out.
    async fn offers(&mut self, ids: &[ProductId]) -> Result<Vec<Offer>, StoreError>;
}

/// Reads of products, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProductQueries: Send + Sync {
    /// The product with this id, of those that `filter` lets through.
    async fn get(&self, id: ProductId, filter: &ProductFilter) -> Result<Option<ProductView>, StoreError>;

    /// A page of products, in order of id: the oldest first.
    async fn list(&self, filter: &ProductFilter, page: &PageRequest) -> Result<Page<ProductView>, StoreError>;
}
