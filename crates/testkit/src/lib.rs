//! What the tests of Storekeeper share: a database for each test, the program, the server as a process, and one client.
//! Only tests depend on it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    clippy::return_self_not_must_use,
    reason = "a panic is how tests fail, their ids and times need not come through a port, and much is called for what it expects"
)]

mod adjustments;
mod app;
mod borrowed;
mod call;
mod client;
mod database;
pub mod documented;
mod people;
mod program;
mod reply;
mod server;
pub mod shop;
mod template;
mod wait;

pub use adjustments::{listed_adjustments, with_rows_of_adjustments};
pub use app::{App, Customer, spawn, spawn_on, spawn_with};
pub use borrowed::{Borrowed, borrow};
pub use call::{Call, http};
pub use client::{Client, count};
pub use database::TestDatabase;
pub use people::{NOTHING, PASSWORD, Person, details, order, order_of, pair, product, refresh, registration, usd};
pub use program::{Outcome, binary, command, damage, dump, nudge, number, storekeeper, storekeeper_reading, well};
pub use reply::Reply;
pub use server::{ADMIN_PASSWORD, JWT_SECRET, Server};
pub use template::sqlite_file;
pub use wait::{at_once, until};
