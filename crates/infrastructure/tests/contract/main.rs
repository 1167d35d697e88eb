//! The contract of the ports: one suite that runs on SQLite, on MySQL and on MariaDB.
//!
//! SQLite runs in a temporary file. The others run on the servers that `TEST_MYSQL_URL` and `TEST_MARIADB_URL` name,
//! such as `mysql://root@127.0.0.1:3306`; without them their tests say so and pass, except under `CI`, where they fail.
//! Each test has a database of its own.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a panic is how tests fail, helpers are tests too, and their ids and times need not come through a port"
)]

#[macro_use]
mod support;

mod accounts;
mod assignments;
mod attributes;
mod audit;
mod bulk;
mod carts;
mod collapsed_lists;
mod collection_lists;
mod collections;
mod customers;
mod doctor;
mod erasure;
mod facets;
mod group_by;
mod groups;
mod idempotency;
mod imports;
mod keys;
mod known_networks;
mod leases;
mod login_failures;
mod mails;
mod media;
mod migrations;
mod notes;
mod order_lists;
mod order_numbers;
mod orders;
mod outages;
mod outbox;
mod payment_lists;
mod payment_races;
mod payments;
mod pricing;
mod product_details;
mod products;
mod promotions;
mod reach;
mod redemptions;
mod refresh_tokens;
mod relevance;
mod renewal;
mod reports;
mod restocks;
mod roles;
mod search;
mod sessions;
mod shipping_methods;
mod slugs;
mod stock;
mod task_runs;
mod tax_classes;
mod tax_rates;
mod term_lists;
mod terms;
mod test_payments;
mod to_do;
mod transactions;
mod webhooks;
mod words;
mod zones;
