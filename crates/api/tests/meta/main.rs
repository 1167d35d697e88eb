//! The rules of the house, held by tests: who may know whom, who may commit, how long a file is, and that every row of
//! `docs/requirements.md` has a test that names it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how tests fail, and helpers are tests too"
)]

mod edges;
mod files;
mod requirements;
mod sources;
mod unit_of_work;
