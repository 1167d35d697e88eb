//! Storekeeper's use cases, one file each, and the unit of work in which they run.
//!
//! A use case is a [`Command`]: its fields are the parsed input, and it gets `&mut dyn Tx`, a set of repositories that
//! cannot commit. Only the [`Runner`] begins, commits, rolls back, retries, and keeps the idempotency key, all in the
//! transaction of the effect. Reads open no transaction: the API calls the query ports of the domain.

pub mod access;
pub mod accounts;
pub mod assignments;
pub mod attributes;
pub mod carts;
pub mod checkout;
pub mod collections;
pub mod customers;
pub mod events;
pub mod groups;
pub mod housekeeping;
pub mod imports;
pub mod keys;
pub mod mails;
pub mod media;
pub mod notes;
pub mod orders;
mod pages;
pub mod payments;
pub mod products;
pub mod promotions;
pub mod reports;
pub mod restocks;
pub mod roles;
pub mod sessions;
pub mod shipping_methods;
mod slugs;
pub mod stock;
pub mod tax_classes;
pub mod tax_rates;
pub mod terms;
pub mod webhooks;
pub mod zones;

mod attempt;
mod audit;
mod audit_trail;
mod clock;
mod command;
mod error;
mod expect;
mod idempotency;
mod ids;
mod known;
mod last_admin;
mod lease;
mod order_payments;

mod ports;
mod product_responses;
mod runner;
mod secrets;
mod task_runs;
mod task_step;
mod tx;

pub use attempt::*;
pub use audit::*;
pub use clock::*;
pub use command::*;
pub use error::*;
pub use expect::*;
pub use idempotency::*;
pub use ids::*;
pub use lease::*;

pub use ports::*;
pub use product_responses::*;
pub use runner::*;
pub use secrets::*;
pub use task_runs::*;
pub use task_step::*;
pub use tx::*;

#[cfg(test)]
mod testing;
