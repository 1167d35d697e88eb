//! Periodic work that keeps the memory of the process small.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::context::State;
use crate::metrics::UPKEEP;
use crate::rate_limit::RateLimits;

/// How often idle clients are removed from the rate limiter.
const SWEEP_INTERVAL: Duration = Duration::from_mins(1);

/// Runs until it is dropped.
pub(crate) async fn upkeep(state: &Arc<State>) -> Infallible {
    tokio::join!(measure(state), forget_idle_clients(state)).0
}

async fn measure(state: &Arc<State>) -> Infallible {
    loop {
        sleep(UPKEEP).await;
        state.metrics.upkeep();
    }
}

/// There may be many clients, so this runs on a thread for blocking work.
async fn forget_idle_clients(state: &Arc<State>) -> Infallible {
    loop {
        sleep(SWEEP_INTERVAL).await;
        let state = state.clone();
        let forget = move || state.rate_limits.as_ref().map(RateLimits::forget_idle);
        if let Err(error) = tokio::task::spawn_blocking(forget).await {
            tracing::error!(%error, "idle clients could not be removed from the rate limiter");
        }
    }
}
