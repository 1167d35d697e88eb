//! Events: what happened in the shop, for other systems.
//!
//! An event is thin. It has ids, versions, states and amounts, and never personal data, so that erasing a person needs no
//! look at events. A reader that wants more asks the API.

mod event;
mod event_type;
mod filter;
mod of_orders;
mod of_payments;
mod of_products;
mod of_promotions;
mod ports;
mod position;
mod sequencer;

pub use event::{Event, Fact};
pub use event_type::EventType;
pub use filter::{EventFilter, TypePatterns};
pub use ports::*;
pub use position::EventPosition;
pub use sequencer::{SEQUENCER_LEASE, Sequencer};
