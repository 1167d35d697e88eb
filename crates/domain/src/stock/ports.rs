use async_trait::async_trait;

use super::{Movement, RestockPolicy, Stock, StockChange};
use crate::orders::Order;
use crate::products::ProductId;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// Stock within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StockRepository: Send {
    /// Keeps the stock of a new product.
    async fn insert(&mut self, stock: &Stock) -> Result<(), StoreError>;

    /// Applies `changes`, which name each product once, in order of id, if every one of them leaves its stock between 0
    /// and [`super::MAX_ON_HAND`]. Answers the stocks as they are then, in the same order; `None` if any stock is missing or would
    /// leave its bounds, and then the transaction must not be committed.
    async fn change(&mut self, changes: &[StockChange], now: UtcDateTime) -> Result<Option<Vec<Stock>>, StoreError>;

    /// Takes what an order sells, whose lines are kept already, and records the movements, at the latest before the
    /// commit. It takes for granted that there is plenty ([`crate::products::Offer::is_plenty_for`]): that no product is
    /// sold out then and no restock due. If not, the transaction has lost a race, at the latest at its commit.
    async fn sell(&mut self, order: &Order) -> Result<(), StoreError>;

    /// The stock as it is now, and locked until the transaction ends.
    async fn lock(&mut self, id: ProductId) -> Result<Option<Stock>, StoreError>;

    /// Up to `limit` stocks below their threshold for which no restock is open, in order of product id after `after`,
    /// locked until the transaction ends.
    async fn lock_due(&mut self, after: Option<ProductId>, limit: u64) -> Result<Vec<Stock>, StoreError>;

    /// Gives a locked stock another policy.
    async fn set_policy(&mut self, id: ProductId, policy: RestockPolicy, now: UtcDateTime) -> Result<(), StoreError>;

    /// Keeps what happened.
    async fn record(&mut self, movements: &[Movement]) -> Result<(), StoreError>;
}

/// Which stock a list holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StockFilter {
    /// Only what is below its threshold (true) or not (false).
    pub below_threshold: Option<bool>,
}

/// Reads of stock, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StockQueries: Send + Sync {
    /// The stock of a product.
    async fn get(&self, id: ProductId) -> Result<Option<Stock>, StoreError>;

    /// A page of all stock, in order of product id.
    async fn list(&self, filter: &StockFilter, page: &PageRequest) -> Result<Page<Stock>, StoreError>;

    /// A page of the movements of a product, newest first; `None` if there is no such product.
    async fn movements(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<Movement>>, StoreError>;

    /// One movement of a product.
    async fn movement(&self, id: ProductId, sequence: i64) -> Result<Option<Movement>, StoreError>;
}
