//! The API as its clients see it: each test talks to the real server over the network.
//!
//! The server keeps its things in SQLite, unless `TEST_API_DATABASE` is `mysql` or `mariadb`; then the servers that
//! `TEST_MYSQL_URL` and `TEST_MARIADB_URL` name serve, with a database for each test.

mod access;
mod auth;
mod bad_input;
mod cart;
mod checkout;
mod cli;
mod config;
mod conventions;
mod docs;
mod idempotency;
mod openapi;
mod orders;
mod paging;
mod products;
mod promotions;
mod raw;
mod shipping_methods;
mod stock;
mod tax_classes;
mod tax_rates;
mod zones;
