//! Caches that stand before queries.

mod accounts;
mod changes;
mod price_books;
mod products;
mod single_flight;
mod topic;

pub use accounts::CachedAccounts;
pub use changes::Changes;
pub(crate) use changes::Subject;
pub use price_books::CachedPriceBooks;
pub use products::{CachedProductResponses, NoProductResponses, describe_metrics};
