use async_trait::async_trait;

use super::{Movement, Sale, Sold, Stock, StockChange};
use crate::products::ProductId;
use crate::{Page, PageRequest, StoreError};

/// Stock within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait StockRepository: Send {
    /// Inserts the stock of a new product.
    async fn insert(&mut self, stock: &Stock) -> Result<(), StoreError>;

    /// The current stocks of `ids`, in order of id, locked in that order until the transaction ends. Unknown ids are
    /// skipped.
    async fn lock(&mut self, ids: &[ProductId]) -> Result<Vec<Stock>, StoreError>;

    /// Writes locked stocks and their movements.
    ///
    /// # Errors
    /// `Raced`, at the latest at the commit, if a stock has changed since it was locked.
    async fn save(&mut self, changes: &[StockChange]) -> Result<(), StoreError>;

    /// Takes the units of an order and records the movements. The lines of the order are inserted before. The store may
    /// do it at once or at the commit.
    ///
    /// # Errors
    /// `Raced`, at the latest at the commit, if a product has fewer units than the sale needs.
    async fn sell(&mut self, sale: &Sale) -> Result<Sold, StoreError>;

    /// Up to `limit` stocks below their reorder point for which a restock may be opened, in order of product id after
    /// `after`, locked until the transaction ends: none is open, and the status of the product
    /// [is restocked](crate::products::ProductStatus::is_restocked).
    async fn lock_due(&mut self, after: Option<ProductId>, limit: u64) -> Result<Vec<Stock>, StoreError>;

    /// Writes the policy of a locked stock.
    async fn set_policy(&mut self, stock: &Stock) -> Result<(), StoreError>;

    /// Inserts movements of new stock.
    async fn record(&mut self, movements: &[Movement]) -> Result<(), StoreError>;
}

/// The filter of a list of stock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockFilter {
    /// Only the stock of these products; empty for all.
    pub product_ids: Vec<ProductId>,
    /// `true`: only stock below its reorder point; `false`: only other stock.
    pub below_threshold: Option<bool>,
}

/// Reads of stock, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait StockQueries: Send + Sync {
    /// The stock of a product; `None` if there is no such product.
    async fn get(&self, id: ProductId) -> Result<Option<Stock>, StoreError>;

    /// A page of all stock, in order of product id.
    async fn list(&self, filter: &StockFilter, page: &PageRequest) -> Result<Page<Stock>, StoreError>;

    /// A page of the movements of a product, newest first; `None` if there is no such product.
    async fn movements(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<Movement>>, StoreError>;

    /// One movement of a product, by its number; `None` if there is none.
    async fn movement(&self, id: ProductId, sequence: i64) -> Result<Option<Movement>, StoreError>;
}
