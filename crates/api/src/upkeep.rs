//! What a server does by itself while it runs, so that its memory stays small.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::context::State;
use crate::metrics::UPKEEP;
use crate::rate_limit::RateLimits;

/// How often clients that are idle are forgotten.
const SWEEP_INTERVAL: Duration = Duration::from_mins(1);

/// Never ends.
pub(crate) async fn upkeep(state: &Arc<State>) -> Infallible {
    tokio::join!(measure(state), forget_idle_clients(state)).0
}

async fn measure(state: &Arc<State>) -> Infallible {
    loop {
        sleep(UPKEEP).await;
        state.metrics.upkeep();
    }
}

/// There may be many, so a thread of its own looks at them.
async fn forget_idle_clients(state: &Arc<State>) -> Infallible {
    loop {
        sleep(SWEEP_INTERVAL).await;
        let state = state.clone();
        let forget = move || state.rate_limits.as_ref().map(RateLimits::forget_idle);
        if let Err(error) = tokio::task::spawn_blocking(forget).await {
            tracing::error!(%error, "idle clients were not forgotten");
        }
    }
}
