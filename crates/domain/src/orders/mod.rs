//! Orders: what was bought, at which price, and how far it has come.

mod address;
mod delivery;
mod filter;
mod items;
mod order;
mod ports;
mod status;

pub use address::{Address, City, CountryCode, PostalCode, Region, Street};
pub use delivery::expected_delivery;
pub use filter::{OrderFilter, OrderScope};
pub use items::{Items, ItemsError};
pub use order::{HistoryEntry, Order, OrderLine, Parcel, Placement, PlacementError, StepRefused, Tracking};
pub use ports::*;
pub use status::OrderStatus;

crate::id::id! {
    /// Names an order.
    OrderId
}

crate::text::text! {
    /// What somebody wrote on an order or on a step of it: 1 to 500 characters.
    Note, 1, 500, Many
}

crate::text::text! {
    /// The name of a carrier: 1 to 100 characters.
    Carrier, 1, 100, One
}

crate::text::text! {
    /// A carrier's tracking number: 1 to 100 characters.
    TrackingNumber, 1, 100, One
}
