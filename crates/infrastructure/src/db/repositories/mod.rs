//! The repositories and queries of each noun: SQL statements, and conversion of rows to domain types.

mod accounts;
mod audit;
mod carts;
mod customers;
mod error;
mod idempotency;
mod known_networks;
mod leases;
mod login_failures;
mod orders;
mod outbox;
mod personal_data;
mod pricing;
mod products;
mod promotions;
mod queries;
mod reach;
mod redemptions;
mod refresh_tokens;
mod restocks;
mod shipping_methods;
mod stock;
mod tax_classes;
mod tax_rates;
mod tx;
mod zones;

pub(super) use products::{ViewRow, viewed};
pub(super) use queries::{DbQueries, rows};
pub(super) use reach::{FEW, STEPS, are_few};
pub(super) use stock::update_stocks;
pub(super) use tx::{DbTransactions, DbTx};
