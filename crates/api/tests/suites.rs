//! Every suite that needs a server, in one program: it is linked once. `cargo test -p api --test suites journeys::` runs
//! one of them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a panic is how tests fail, and their ids and times need not come through a port"
)]

mod across;
mod api;
mod guarantees;
mod journeys;
mod office;
mod outbound;
mod support;
mod tools;
