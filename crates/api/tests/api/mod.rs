//! The API as its clients see it: each test talks to the real server over the network.
//!
//! The server keeps its things in SQLite, unless `TEST_API_DATABASE` is `mysql` or `mariadb`; then the servers that
//! `TEST_MYSQL_URL` and `TEST_MARIADB_URL` name serve, with a database for each test.

mod attributes;
mod auth;
mod bad_input;
mod carts;
mod categories;
mod checkout;
mod cli;
mod collections;
mod config;
mod conventions;
mod docs;
mod events;
mod exports;
mod facets;
mod groups;
mod idempotency;
mod import_pictures;
mod import_refusals;
mod imports;
mod imports_of_shops;
mod keys;
mod live;
mod mails;
mod media;
mod notes;
mod openapi;
mod orders;
mod paging;
mod payments;
mod product_attributes;
mod product_batch;
mod product_details;
mod products;
mod promotions;
mod raw;
mod reports;
mod roles;
mod scopes;
mod shipping_methods;
mod slugs;
mod stock;
mod tax_classes;
mod tax_rates;
mod terms;
mod webhooks;
mod zones;
