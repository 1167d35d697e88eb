//! The API as its clients see it: each test talks to the real server over the network.

mod access;
mod auth;
mod bad_input;
mod cart;
mod cli;
mod config;
mod conventions;
mod idempotency;
mod orders;
mod paging;
mod products;
mod raw;
mod stock;
mod support;
