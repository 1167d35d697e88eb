use async_trait::async_trait;

use super::{Order, OrderFilter, OrderId, OrderScope, Tracking};
use crate::{Page, PageRequest, StoreError};

/// Orders within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OrderRepository: Send {
    /// Keeps a new order with its lines and the first entry of its history.
    async fn insert(&mut self, order: &Order) -> Result<(), StoreError>;
}

/// Reads of orders, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OrderQueries: Send + Sync {
    /// The order with this id, if it is within `scope`.
    async fn get(&self, id: OrderId, scope: OrderScope) -> Result<Option<Order>, StoreError>;

    /// A page of the orders within `scope`, newest first.
    async fn list(
        &self,
        scope: OrderScope,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<Order>, StoreError>;

    /// Where the order with this id is, if it is within `scope`.
    async fn tracking(&self, id: OrderId, scope: OrderScope) -> Result<Option<Tracking>, StoreError>;
}
