//! The rules of the house, held by tests: who may know whom, who may commit, how long a file is, that every row of
//! `docs/requirements.md` has a test that names it, and that the Postman collections cover the API.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how tests fail, and helpers are tests too"
)]

mod containers;
mod documents;
mod edges;
mod files;
mod layers;
mod office;
mod postman;
mod requirements;
mod sources;
mod storefront;
mod unit_of_work;
mod words;
