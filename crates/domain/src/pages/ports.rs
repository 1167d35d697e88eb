use async_trait::async_trait;

use super::{PageTexts, ProductPage};
use crate::products::{ProductId, ProductStatus, ProductView};
use crate::{StoreError, Uuid};

/// The texts of pages within a transaction. Whose they are is locked, or new; with it they are deleted.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PageRepository: Send {
    /// The texts of a product or a product group itself.
    async fn of(&mut self, id: Uuid) -> Result<PageTexts, StoreError>;

    /// Writes all of them.
    async fn write(&mut self, id: Uuid, texts: &PageTexts) -> Result<(), StoreError>;
}

/// Reads of the texts of pages, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PageQueries: Send + Sync {
    /// The product with this id, and the texts of its page. With `status`, only if it has this status.
    async fn product(
        &self,
        id: ProductId,
        status: Option<ProductStatus>,
    ) -> Result<Option<(ProductView, ProductPage)>, StoreError>;
}
