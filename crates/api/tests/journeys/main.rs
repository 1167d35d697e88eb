//! What people do with the shop, from one end to the other: the real binary, on SQLite, MySQL and MariaDB.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how tests fail, and helpers are tests too"
)]

mod access;
mod accounts;
mod audit;
mod customers;
mod housekeeping;
mod identity;
mod orders;
mod people;
mod products;
mod reply;
mod restocks;

#[path = "../guarantees/databases.rs"]
#[allow(dead_code, reason = "shared with tests that ask more of it")]
mod databases;
#[path = "../guarantees/server.rs"]
#[allow(dead_code, reason = "shared with tests that ask more of it")]
mod server;
#[path = "../guarantees/shop.rs"]
#[allow(dead_code, reason = "shared with tests that ask more of it")]
mod shop;
