use async_trait::async_trait;

use super::{HistoryEntry, Order, OrderFilter, OrderId, OrderNumber, OrderScope, Parcel, Shipment, Tracking};
use crate::customers::CustomerId;
use crate::{Page, PageRequest, StoreError};

/// Orders within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait OrderRepository: Send {
    /// Inserts a new order with its lines, the first entry of its history, and its balance if it has one. If another order
    /// has its number, the transaction is `Raced`, now or with the commit, and commits nothing.
    async fn insert(&mut self, order: &Order) -> Result<(), StoreError>;

    /// The current order, if it is within `scope`, locked until the transaction ends, and after it its balance, if it has
    /// one.
    async fn lock(&mut self, id: OrderId, scope: OrderScope) -> Result<Option<Order>, StoreError>;

    /// Whether a customer has an order that is not cancelled.
    async fn has_any(&mut self, customer_id: CustomerId) -> Result<bool, StoreError>;

    /// What is known of the way of a locked order.
    async fn shipment(&mut self, order: &Order) -> Result<Shipment, StoreError>;

    /// Writes a locked order whose shipment was corrected, and the entry of its history.
    async fn correct(&mut self, order: &Order, shipment: &Shipment, entry: &HistoryEntry) -> Result<(), StoreError>;

    /// Writes address and note of a locked order that was edited, and the entry of its history.
    async fn edit(&mut self, order: &Order, entry: &HistoryEntry) -> Result<(), StoreError>;

    /// Up to `limit` orders, in order of id, that were placed before orders had numbers and have none yet.
    async fn unnumbered(&mut self, limit: u64) -> Result<Vec<OrderId>, StoreError>;

    /// Gives an order that has no number this one, unless another order has it. Returns whether it was free.
    async fn give_number(&mut self, id: OrderId, number: OrderNumber) -> Result<bool, StoreError>;

    /// Writes the new status of a locked order, the given fields of its parcel, and one more entry of its history.
    async fn advance(&mut self, order: &Order, parcel: &Parcel, entry: &HistoryEntry) -> Result<(), StoreError>;
}

/// Reads of orders, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait OrderQueries: Send + Sync {
    /// Whether a customer has an order that is not cancelled.
    async fn has_any(&self, customer_id: CustomerId) -> Result<bool, StoreError>;

    /// The order with this id, if it is within `scope`.
    async fn get(&self, id: OrderId, scope: OrderScope) -> Result<Option<Order>, StoreError>;

    /// A page of the orders within `scope`, newest first, unless the filter says otherwise.
    async fn list(
        &self,
        scope: OrderScope,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<Order>, StoreError>;

    /// The tracking of the order with this id, if it is within `scope`.
    async fn tracking(&self, id: OrderId, scope: OrderScope) -> Result<Option<Tracking>, StoreError>;
}
