use async_trait::async_trait;
use domain::orders::OrderId;
use domain::{StoreError, UtcDateTime, Uuid};

/// An event for other systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An order was placed.
    OrderPlaced(OrderId),
}

impl Event {
    /// The name of the kind of event.
    pub const fn topic(self) -> &'static str {
        match self {
            Self::OrderPlaced(_) => "order.placed",
        }
    }

    /// The id of the resource.
    pub const fn subject(self) -> Uuid {
        match self {
            Self::OrderPlaced(id) => id.0,
        }
    }
}

/// The outbox. An event is committed together with its cause.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send {
    /// Appends an event.
    async fn append(&mut self, id: Uuid, event: Event, at: UtcDateTime) -> Result<(), StoreError>;

    /// Deletes up to `limit` events appended before `before`, oldest first. Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}
