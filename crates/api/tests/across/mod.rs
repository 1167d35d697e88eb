//! What runs across all endpoints: the rate limit, the cache, CORS, the metrics, prices. The real binary runs as a process.

mod access;
mod cache;
mod cors;
mod limits;
mod metrics;
mod prices;
