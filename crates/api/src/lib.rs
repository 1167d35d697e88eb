//! Storekeeper's REST API: routes, configuration, command line and server.

#![allow(clippy::option_option, reason = "refused, missing and there are three things, and `?` parts them well")]

mod answer;
mod causes;
pub mod cli;
pub mod config;
mod cors;
mod error;
mod etag;
mod extract;
pub mod housekeeping;
pub mod lifecycle;
pub mod logging;
pub mod metrics;
mod middleware;
pub mod openapi;
mod problem;
mod rate_limit;
mod refused;
mod routes;
mod seal;
mod secret;
pub mod server;
pub mod state;
mod upkeep;
pub mod wiring;
