//! Caches that stand before queries.

mod accounts;
mod catalogue;
mod products;

pub use accounts::CachedAccounts;
pub use catalogue::Catalogue;
pub use products::{CachedProductAnswers, NoProductAnswers};
