//! Storekeeper's REST API: routes, configuration, command line and server.

#![allow(clippy::option_option, reason = "refused, missing and there are three things, and `?` parts them well")]

mod causes;
pub mod cli;
pub mod config;
mod connection;
mod context;
mod cors;
mod cursor;
mod etag;
mod example;
mod extract;
mod files;
pub mod following;
mod forwarding;
pub mod housekeeping;
mod importing;
pub mod logging;
mod media;
pub mod metrics;
mod middleware;
pub mod openapi;
mod operation;
mod problem;
mod rate_limit;
mod receiving;
mod respond;
mod routes;
mod schema;
mod secret;
mod sequencing;
pub mod server;
mod upkeep;
pub mod wiring;
