use async_trait::async_trait;

use super::{Event, EventFilter, Sequencer};
use crate::{StoreError, UtcDateTime, Uuid};

/// The outbox and the feed within a transaction.
///
/// An event is committed to the outbox together with its cause. Later it is moved to the feed, where it has a position.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send {
    /// Appends an event to the outbox. It gets its position after the commit.
    async fn append(&mut self, id: Uuid, event: Event, at: UtcDateTime) -> Result<(), StoreError>;

    /// Where the numbering is. To be read before [`Self::sequence`], in the same transaction.
    async fn sequencer(&mut self) -> Result<Sequencer, StoreError>;

    /// Moves up to `limit` committed events from the outbox to the feed, in order of id, gives them the positions from
    /// `turn.next` on without a gap, and notes holder and lease of `turn`. Writes nothing if the outbox is empty.
    /// Returns how many events left the outbox.
    ///
    /// `Raced` if somebody else has given positions since [`Self::sequencer`].
    async fn sequence(&mut self, turn: &Sequencer, limit: u64) -> Result<u64, StoreError>;

    /// Deletes up to `limit` events from the beginning of the feed, up to the first one that did not happen before
    /// `before`. What is left has no gap. Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// An event in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedEvent {
    /// Its place among all events: 1, 2, 3 and so on, without a gap.
    pub position: i64,
    /// A `UUIDv7`. The same event has the same id wherever it is sent.
    pub id: Uuid,
    /// The name of its type.
    pub event_type: String,
    /// The order, product or customer that it happened to.
    pub stream: Uuid,
    /// What is said of it, as it was written down.
    pub data: String,
    /// When it happened.
    pub at: UtcDateTime,
}

/// What a look at outbox and feed finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedState {
    /// The last position; 0 if there is none yet.
    pub last: i64,
    /// Whether committed events wait for a position.
    pub is_waited_for: bool,
}

/// A part of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// The events that are wanted, in order of position.
    pub events: Vec<PublishedEvent>,
    /// The position up to which everything was looked at. The next page begins after it.
    pub next_after: i64,
    /// Whether there is something after it.
    pub has_more: bool,
    /// The first position that is kept.
    pub oldest: i64,
    /// The last position that there is.
    pub last: i64,
}

/// Reads of the feed.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait EventQueries: Send + Sync {
    /// Whether there is something to number, and up to where events are numbered.
    async fn state(&self) -> Result<FeedState, StoreError>;

    /// Up to `limit` of the wanted events after a position. Looks at a bounded number of events, so that there may be
    /// more even if the page is not full.
    async fn read(&self, filter: &EventFilter, after: i64, limit: u64) -> Result<FeedPage, StoreError>;
}
