//! Webhooks: events of the feed that are sent to other systems.
//!
//! An *endpoint* reads the feed from a position of its own. Each event that it wants becomes a *delivery*, which is tried
//! until the receiver takes it, or until no try is left. Each try is an *attempt*. The order of deliveries is not promised.

mod address;
mod attempt;
mod delivery;
mod endpoint;
mod event;
mod health;
mod ports;
mod retry;
mod signing;
mod target;

pub use address::{Networks, is_public};
pub use attempt::{Answer, Attempt, AttemptAnswer, AttemptError, Verdict};
pub use delivery::{Delivery, DeliveryId, DeliveryStatus};
pub use endpoint::{Endpoint, EndpointChange, EndpointDescription, EndpointDetails, EndpointId, EndpointStatus};
pub use health::{SWITCHED_OFF_AFTER, SWITCHED_OFF_FROM};
pub use ports::*;
pub use retry::{MOST_WAIT, TRIES, wait_after};
pub use signing::{BOTH_SIGN_FOR, signed_text};
pub use target::Target;
