//! Orders: purchased products and prices, status and tracking.

mod balance;
mod delivery;
mod edit;
mod filter;
mod history;
mod items;
mod moved;
mod number;
mod order;
mod ports;
mod status;

pub use balance::{OrderBalance, OrderPaymentStatus, PaymentMissing, PaymentTerms};
pub use delivery::expected_delivery;
pub use edit::{EditRefused, EditedPart, OrderEdit};
pub use filter::{OrderFilter, OrderScope, OrderSearch, OrderSort, OrderStage};
pub use history::{ChangedOrder, HistoryEntry, NotShipped, StepRefused};
pub use items::{Items, ItemsError};
pub use moved::PriceChange;
pub use number::OrderNumber;
pub use order::{Order, OrderLine, Parcel, Placement, PlacementError, Shipment, ShipmentChange, Tracking};
pub use ports::*;
pub use status::OrderStatus;

crate::id::id! {
    /// The id of an order.
    OrderId
}

crate::text::text! {
    /// A note on an order or on an entry of its history: 1 to 500 characters.
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
