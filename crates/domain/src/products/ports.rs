use async_trait::async_trait;

use super::{
    Offer, PriceEntry, Product, ProductFilter, ProductId, ProductName, ProductSort, ProductStatus, ProductSummary,
    ProductView, Sku,
};
use crate::customers::CustomerId;
use crate::tax_classes::TaxClassCode;
use crate::{Page, PageRequest, PricingSnapshot, StoreError, UtcDateTime};

/// Products within a transaction. Changes are visible in searches as soon as they are committed.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ProductRepository: Send {
    /// Inserts a new product, with the first entry in the history of its prices.
    ///
    /// # Errors
    /// `Duplicate` with `Product::UNIQUE_SKU` or `Product::UNIQUE_BARCODE` if that is taken.
    async fn insert(&mut self, product: &Product) -> Result<(), StoreError>;

    /// The current product, locked until the transaction ends.
    async fn lock(&mut self, id: ProductId) -> Result<Option<Product>, StoreError>;

    /// Those of these products that there are, in order of id, locked until the transaction ends.
    async fn lock_all(&mut self, ids: &[ProductId]) -> Result<Vec<Product>, StoreError>;

    /// The ids of the products that have one of these SKUs.
    async fn named(&mut self, skus: &[Sku]) -> Result<Vec<(Sku, ProductId)>, StoreError>;

    /// Writes a locked product. The history of its prices is written by [`PriceRepository::record`].
    ///
    /// # Errors
    /// As [`Self::insert`].
    async fn update(&mut self, product: &Product) -> Result<(), StoreError>;

    /// Writes the version of a locked product and the time of its change, for a change of what belongs to it.
    async fn touch(&mut self, product: &Product) -> Result<(), StoreError>;

    /// Deletes a locked product with its prices, stock, movements and restocks, and removes it from every cart.
    async fn delete(&mut self, id: ProductId) -> Result<(), StoreError>;

    /// Up to `limit` products whose times want another status than they have at `now`, in order of id. They are not
    /// locked.
    async fn due(&mut self, now: UtcDateTime, limit: u64) -> Result<Vec<ProductId>, StoreError>;

    /// Renews up to `limit` products that were stored before their names had keys and their words were folded: their texts, keys and words are those of
    /// [`renewed`](super::Product::renewed). Returns how many. A text that would be a duplicate stays as it is.
    async fn renew(&mut self, limit: u64) -> Result<u64, StoreError>;

    /// The names of some products of a tax class, at most 3.
    async fn of_class(&mut self, class: &TaxClassCode) -> Result<Vec<ProductName>, StoreError>;

    /// The current offers of `ids`, in order of id. Unknown ids are skipped.
    async fn offers(&mut self, ids: &[ProductId]) -> Result<Vec<Offer>, StoreError>;

    /// [`Self::offers`] with what their prices depend on, and locks a customer against deletion until the transaction
    /// ends. `None` if there is no such customer.
    async fn offers_to(
        &mut self,
        customer_id: CustomerId,
        ids: &[ProductId],
    ) -> Result<Option<(Vec<Offer>, PricingSnapshot)>, StoreError>;
}

/// The prices of products within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PriceRepository: Send {
    /// Adds an entry to the history of a locked product.
    async fn record(&mut self, entry: &PriceEntry) -> Result<(), StoreError>;

    /// The prices that a locked product has had since a time, that of the time itself included, the newest first.
    async fn since(&mut self, id: ProductId, time: UtcDateTime) -> Result<Vec<PriceEntry>, StoreError>;
}

/// Reads of the prices of products, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PriceQueries: Send + Sync {
    /// A page of the prices that a product has had, the newest first; `None` if there is no such product.
    async fn list(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<PriceEntry>>, StoreError>;
}

/// Reads of products, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ProductQueries: Send + Sync {
    /// The product with this id. With `status`, only if it has this status.
    async fn get(&self, id: ProductId, status: Option<ProductStatus>) -> Result<Option<ProductView>, StoreError>;

    /// The current offers of `ids`, in order of id. Unknown ids are skipped.
    async fn offers(&self, ids: &[ProductId]) -> Result<Vec<Offer>, StoreError>;

    /// What lists say of these products. Unknown ids are skipped.
    async fn summaries(&self, ids: &[ProductId]) -> Result<Vec<ProductSummary>, StoreError>;

    /// Whether the times of a product want another status than it has at `now`.
    async fn is_due(&self, now: UtcDateTime) -> Result<bool, StoreError>;

    /// A page of products. The cursor must come from a list in the same order.
    async fn list(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, StoreError>;
}
