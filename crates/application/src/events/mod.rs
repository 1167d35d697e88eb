//! Events are committed to the outbox with their cause, and get their positions afterwards.

mod feed;
mod purge;
mod sequence;
mod tell;

pub use feed::{EventFeed, Looked};
pub use purge::PurgeEvents;
pub use sequence::{SequenceEvents, Sequenced};
pub(crate) use tell::tell;
