//! The commands that work on the data of a shop, each as the real binary.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a panic is how tests fail, and what is shared with other tests need not all be used here"
)]

#[path = "../guarantees/databases.rs"]
mod databases;
mod doctor;
mod export;
mod import;
mod run;
mod seed;
#[path = "../guarantees/server.rs"]
mod server;
#[path = "../guarantees/shop.rs"]
mod shop;
