//! Events are committed to the outbox with their cause, and get their positions afterwards.

mod append;
mod feed;
mod purge;
mod sequence;

pub(crate) use append::append_event;
pub use feed::{EventFeed, Looked};
pub use purge::PurgeEvents;
pub use sequence::{SequenceEvents, Sequenced};
