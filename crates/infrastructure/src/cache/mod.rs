//! Caches that stand before queries.

mod accounts;
mod changes;
mod counted_products;
mod due_work;
mod keys;
mod media_use;
mod price_books;
mod products;
mod single_flight;
mod taxonomies;
mod topic;

pub use accounts::CachedAccounts;
pub use changes::Changes;
pub(crate) use changes::Subject;
pub(crate) use counted_products::Recount;
pub use keys::CachedKeys;
pub use media_use::CachedMediaUse;
pub use price_books::CachedPriceBooks;
pub use products::{CachedProductResponses, NoProductResponses, describe_metrics};
pub use taxonomies::CachedTaxonomies;
