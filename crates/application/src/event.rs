use async_trait::async_trait;
use domain::orders::OrderId;
use domain::{StoreError, UtcDateTime, Uuid};

/// Something that happened and that others may want to know.
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

    /// What it happened to.
    pub const fn subject(self) -> Uuid {
        match self {
            Self::OrderPlaced(id) => id.0,
        }
    }
}

/// The outbox: events kept in the transaction of their cause, so that none is lost and none is made up.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send {
    /// Keeps an event.
    async fn append(&mut self, id: Uuid, event: Event, at: UtcDateTime) -> Result<(), StoreError>;
}
