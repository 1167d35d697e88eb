//! What runs across all endpoints: the rate limit, the cache, CORS, the metrics. The real binary runs as a process.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a panic is how tests fail, and what is shared with other tests need not all be used here"
)]

mod cache;
mod cors;
#[path = "../guarantees/databases.rs"]
mod databases;
mod limits;
mod metrics;
#[path = "../guarantees/server.rs"]
mod server;
#[path = "../guarantees/shop.rs"]
mod shop;
