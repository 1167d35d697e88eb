//! Shipping methods: ways to ship into a zone, and what they cost. The cost is a rule of [`pricing`](crate::pricing); here
//! are the methods as the staff keep them.

mod days;
mod filter;
mod method;
mod ports;
mod status;

pub use days::{Days, DeliveryDays};
pub use filter::MethodFilter;
pub use method::{MethodChange, MethodDetails, Position, ShippingMethod, ShippingMethodId};
pub use ports::*;
pub use status::MethodStatus;
