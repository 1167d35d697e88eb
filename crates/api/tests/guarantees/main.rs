//! The promises that only the real binary can keep: it runs as a process, is killed, is started twice, loses its
//! database. Each test runs on SQLite, MySQL and MariaDB.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how tests fail, and helpers are tests too"
)]

mod away;
mod crash;
mod databases;
mod flood;
mod proxy;
mod quiet;
mod rush;
mod server;
mod shop;
mod stop;
