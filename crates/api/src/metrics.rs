//! Metrics in the text format of Prometheus.
//!
//! Code that counts calls the macros of the `metrics` crate with a name from this module. A label is the route, never
//! the path, so that clients cannot create series without end.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

pub(crate) const REQUESTS: &str = "http_requests_total";
pub(crate) const DURATION: &str = "http_request_duration_seconds";
pub(crate) const IN_FLIGHT: &str = "http_requests_in_flight";
pub(crate) const RATE_LIMITED: &str = "rate_limited_total";
pub(crate) const ORDERS_PLACED: &str = "orders_placed_total";
pub(crate) const LOGINS: &str = "logins_total";
const CONNECTIONS: &str = "db_connections";
const START: &str = "process_start_time_seconds";
const MEMORY: &str = "process_resident_memory_bytes";

/// Upper bounds of the histogram buckets of durations, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often samples are moved into histogram buckets, so that they do not pile up if nobody scrapes the metrics.
pub(crate) const UPKEEP: Duration = Duration::from_secs(5);

/// The size of a connection pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolSize {
    /// The name of the pool.
    pub pool: &'static str,
    /// Connections not in use.
    pub idle: u32,
    /// Connections in use.
    pub used: u32,
}

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    prometheus: PrometheusHandle,
    pools: Arc<dyn Fn() -> Vec<PoolSize> + Send + Sync>,
}

impl Metrics {
    /// Installs the recorder. Several servers in one process, as in tests, share it.
    pub fn start(pools: impl Fn() -> Vec<PoolSize> + Send + Sync + 'static) -> Self {
        static PROMETHEUS: OnceLock<PrometheusHandle> = OnceLock::new();
        Self { prometheus: PROMETHEUS.get_or_init(install).clone(), pools: Arc::new(pools) }
    }

    /// The current values of all metrics.
    pub(crate) fn text(&self) -> String {
        for PoolSize { pool, idle, used } in (self.pools)() {
            gauge!(CONNECTIONS, "pool" => pool, "state" => "idle").set(idle);
            gauge!(CONNECTIONS, "pool" => pool, "state" => "used").set(used);
        }
        if let Some(kilobytes) = resident() {
            gauge!(MEMORY).set(kilobytes * 1024.0);
        }
        self.prometheus.render()
    }

    /// Moves samples into histogram buckets.
    pub(crate) fn upkeep(&self) {
        self.prometheus.run_upkeep();
    }
}

fn install() -> PrometheusHandle {
    // This fails only for an empty list of buckets.
    let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default();
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if ::metrics::set_global_recorder(recorder).is_err() {
        tracing::error!("somebody else counts already: /metrics stays empty");
    }
    describe_counter!(REQUESTS, "Answers by method, route and status.");
    describe_histogram!(DURATION, Unit::Seconds, "Time from the head of a request to the head of its answer.");
    describe_gauge!(IN_FLIGHT, "Requests that are being answered.");
    describe_counter!(RATE_LIMITED, "Requests refused by the rate limit.");
    describe_counter!(ORDERS_PLACED, "Orders placed.");
    describe_counter!(LOGINS, "Logins by outcome.");
    describe_gauge!(CONNECTIONS, "Connections to the database.");
    describe_gauge!(START, Unit::Seconds, "When the process started, in seconds since 1970.");
    describe_gauge!(MEMORY, Unit::Bytes, "Memory that the process holds.");
    #[expect(clippy::disallowed_methods, reason = "when the process started is a fact of the process")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!(START).set(now.as_secs_f64());
    handle
}

/// Resident memory in kilobytes, on systems that report it.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok())
}
