//! Storekeeper's domain: entities, value objects, their rules, and the ports through which they are stored.
//!
//! This crate is pure. It uses no runtime, no database, no HTTP, no clock and no environment: time and ids are
//! arguments, and storage is behind traits (*ports*) that another crate implements. With the feature `mock` each port
//! also has a mockall mock.
//!
//! Each noun has a module, and each module keeps its ports in `ports.rs`. Values are parsed once, at the border, into
//! newtypes: an [`customers::EmailAddress`] need not be checked again.

pub mod access;
pub mod accounts;
pub mod addresses;
pub mod assignments;
pub mod attributes;
pub mod carts;
pub mod catalogue;
pub mod checkout;
pub mod collections;
pub mod customers;
pub mod events;
pub mod groups;
pub mod imports;
pub mod keys;
pub mod mails;
pub mod media;
pub mod notes;
pub mod orders;
pub mod pages;
pub mod payments;
pub mod personal_data;
pub mod pricing;
pub mod products;
pub mod promotions;
pub mod reports;
pub mod restocks;
pub mod roles;
pub mod sessions;
pub mod shipping_methods;
pub mod slugs;
pub mod stock;
pub mod tax_classes;
pub mod tax_rates;
pub mod terms;
pub mod webhooks;
pub mod zones;

mod code;
mod day;
mod decimal;
mod grams;
mod id;
mod invalid;
mod mail_template;
mod money;
mod number;
mod page;
mod pricing_snapshot;
mod quantity;
mod retry;
mod rule;
mod search;
mod shop;
mod store;
mod text;
mod unicode;
mod version;
mod word;

pub use day::parse_day;
pub use decimal::{DecimalMark, minor_units, plain_integer};
pub use grams::Grams;
pub use id::Id;
pub use invalid::{Code, Invalid};
pub use mail_template::MailTemplate;
pub use money::{Currency, Money, Overflow, Price};
pub use page::{Cursor, CursorKey, Limit, Page, PageRequest};
pub use pricing_snapshot::PricingSnapshot;
pub use quantity::Quantity;
pub use retry::{LEASE_MARGIN, Lease};
pub use rule::{Lines, Rule, Ruled};
pub use search::{Choice, SearchTerm, SearchText, Vocabulary, sort_key, words};
pub use shop::Shop;
pub use store::{StoreError, UniqueKey};
pub use time::{Date, UtcDateTime, UtcOffset};
pub use uuid::Uuid;
pub use version::Version;
