//! Caches that stand before queries.

mod accounts;

pub use accounts::CachedAccounts;
