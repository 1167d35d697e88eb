//! Zones: parts of the world that are shipped to and taxed alike. Where a place lies is a rule of
//! [`pricing`](crate::pricing); here are the zones as the staff keep them.

mod filter;
mod members;
mod ports;
mod zone;

pub use filter::ZoneFilter;
pub use members::{MAX_MEMBERS, Members, MembersError, parts};
pub use ports::*;
pub use zone::{Zone, ZoneChange, ZoneDetails, ZoneName};
