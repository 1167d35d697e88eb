//! Caches that stand before queries.

mod accounts;
mod changes;
mod products;
mod single_flight;
mod topic;

pub use accounts::CachedAccounts;
pub use changes::Changes;
pub(crate) use changes::Subject;
pub use products::{CachedProductResponses, NoProductResponses, describe_metrics};
