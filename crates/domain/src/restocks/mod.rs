//! Restocks: units that are on their way.

mod ports;
mod received;
mod restock;

pub use ports::*;
pub use restock::{ReceivedUnits, Restock, RestockAge, RestockStatus};

crate::id::id! {
    /// The id of a restock.
    RestockId
}
