//! Metrics in the text format of Prometheus.
//!
//! Whoever counts something calls the macros of the `metrics` crate with a name from here. The labels are few: the
//! route, never the path, so that nobody makes series without end. All names are there from the start, so that a query
//! finds 0 and not nothing. They begin with `storekeeper_`, but for those of the process, whose names Prometheus gives.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

pub(crate) const REQUESTS: &str = "storekeeper_http_requests_total";
pub(crate) const DURATION: &str = "storekeeper_http_request_duration_seconds";
pub(crate) const IN_FLIGHT: &str = "storekeeper_http_requests_in_flight";
pub(crate) const RATE_LIMITED: &str = "storekeeper_rate_limited_total";
pub(crate) const ORDERS_PLACED: &str = "storekeeper_orders_placed_total";
pub(crate) const LOGINS: &str = "storekeeper_logins_total";
/// The outcomes of a login.
pub(crate) const LOGIN_OUTCOMES: [&str; 5] = ["accepted", "refused", "throttled", "malformed", "failed"];
/// What payment providers were asked, by how it ended: `done`, `refused`, `unknown`.
pub(crate) const PAYMENT_CALLS: &str = "storekeeper_payment_calls_total";
pub(crate) const PAYMENT_CALL_DURATION: &str = "storekeeper_payment_call_duration_seconds";
/// Notices of payment providers: `new`, `repeated`, `refused`.
pub(crate) const PAYMENT_NOTICES: &str = "storekeeper_payment_notices_total";
/// Orders that wait for their payment, and payments of which something does not add up.
pub(crate) const ORDERS_AWAITING_PAYMENT: &str = "storekeeper_orders_awaiting_payment";
pub(crate) const PAYMENT_FINDINGS: &str = "storekeeper_payment_findings";
/// Notices of payment providers that were given up.
pub(crate) const PAYMENT_NOTICES_FAILED: &str = "storekeeper_payment_notices_failed";
pub(crate) const ORDERS_EXPIRED: &str = "storekeeper_orders_expired_total";
/// Tries of webhooks, by how they ended: `taken`, `failed`, `gone`.
pub(crate) const WEBHOOK_TRIES: &str = "storekeeper_webhook_tries_total";
/// The outcomes of a try.
pub(crate) const WEBHOOK_OUTCOMES: [&str; 3] = ["taken", "failed", "gone"];
pub(crate) const WEBHOOK_TRY_DURATION: &str = "storekeeper_webhook_try_duration_seconds";
/// By how many events the active endpoint that is furthest behind is behind the feed.
pub(crate) const WEBHOOK_LAG: &str = "storekeeper_webhook_lag_events";
/// Tries to send mails, by how they ended: `taken`, `failed`, `refused`.
pub(crate) const MAIL_TRIES: &str = "storekeeper_mail_tries_total";
/// The outcomes of a try.
pub(crate) const MAIL_OUTCOMES: [&str; 3] = ["taken", "failed", "refused"];
const BUILD: &str = "storekeeper_build_info";
const CONNECTIONS: &str = "storekeeper_db_connections";
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
    describe();
    begin();
    handle
}

/// The help of each name.
fn describe() {
    describe_gauge!(BUILD, "The version of Storekeeper; always 1.");
    describe_counter!(REQUESTS, "Answers by method, route and status.");
    describe_histogram!(DURATION, Unit::Seconds, "Time from the head of a request to the head of its answer.");
    describe_gauge!(IN_FLIGHT, "Requests that are being answered.");
    describe_counter!(RATE_LIMITED, "Requests refused by the rate limit.");
    describe_counter!(ORDERS_PLACED, "Orders placed.");
    describe_counter!(LOGINS, "Logins by outcome.");
    describe_counter!(PAYMENT_CALLS, "Calls of payment providers by outcome.");
    describe_histogram!(PAYMENT_CALL_DURATION, Unit::Seconds, "Time until a payment provider has answered.");
    describe_counter!(PAYMENT_NOTICES, "Notices of payment providers by outcome.");
    describe_gauge!(ORDERS_AWAITING_PAYMENT, "Orders of the shop that wait for their payment.");
    describe_counter!(ORDERS_EXPIRED, "Orders that this server has cancelled because they were not paid in time.");
    describe_gauge!(PAYMENT_FINDINGS, "Payments of the shop of which something does not add up.");
    describe_gauge!(PAYMENT_NOTICES_FAILED, "Notices of payment providers that the shop has given up.");
    describe_counter!(WEBHOOK_TRIES, "Tries to deliver webhooks by outcome.");
    describe_histogram!(WEBHOOK_TRY_DURATION, Unit::Seconds, "Time until a receiver of webhooks has answered.");
    describe_gauge!(WEBHOOK_LAG, "Events by which the active endpoint that is furthest behind is behind the feed.");
    describe_counter!(MAIL_TRIES, "Tries to send mails by outcome.");
    describe_gauge!(CONNECTIONS, "Connections to the database.");
    describe_gauge!(START, Unit::Seconds, "When the process started, in seconds since 1970.");
    describe_gauge!(MEMORY, Unit::Bytes, "Memory that the process holds.");
}

/// Begins with 0 what is counted from now on, and says what does not change.
fn begin() {
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1);
    // Who asks for these names is the first to be counted.
    counter!(REQUESTS, "method" => "GET", "route" => "/metrics", "status" => "200").absolute(0);
    drop(histogram!(DURATION, "method" => "GET", "route" => "/metrics"));
    gauge!(IN_FLIGHT).increment(0);
    counter!(RATE_LIMITED).absolute(0);
    counter!(ORDERS_PLACED).absolute(0);
    counter!(ORDERS_EXPIRED).absolute(0);
    gauge!(ORDERS_AWAITING_PAYMENT).set(0);
    gauge!(PAYMENT_FINDINGS).set(0);
    gauge!(PAYMENT_NOTICES_FAILED).set(0);
    for outcome in LOGIN_OUTCOMES {
        counter!(LOGINS, "outcome" => outcome).absolute(0);
    }
    for outcome in WEBHOOK_OUTCOMES {
        counter!(WEBHOOK_TRIES, "outcome" => outcome).absolute(0);
    }
    for outcome in MAIL_OUTCOMES {
        counter!(MAIL_TRIES, "outcome" => outcome).absolute(0);
    }
    drop(histogram!(WEBHOOK_TRY_DURATION));
    gauge!(WEBHOOK_LAG).set(0);
    #[expect(clippy::disallowed_methods, reason = "when the process started is a fact of the process")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!(START).set(now.as_secs_f64());
}

/// Resident memory in kilobytes, on systems that report it.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok())
}
