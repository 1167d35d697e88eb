use std::time::Duration;

use application::Error;
use domain::events::FeedPage;
use tokio::time::{Instant, sleep, sleep_until};

use super::query::Wanted;
use crate::context::State;
use crate::problem::Problem;

/// What a client waits before it asks again if too many wait.
const RETRY: Duration = Duration::from_secs(5);

/// How long is left for more to come once something has. It also spares a database whose answer lags behind.
const GATHER: Duration = Duration::from_millis(10);

/// The wanted events, or what is known when the time to wait is over.
///
/// # Errors
/// 410 if the first of them are not kept any more; 429 if too many wait already.
pub(super) async fn read(state: &State, wanted: &Wanted) -> Result<FeedPage, Problem> {
    let deadline = Instant::now() + wanted.wait;
    let (mut after, mut seat) = (wanted.after, None);
    loop {
        let page = state.queries.events.read(&wanted.filter, after, wanted.limit).await?;
        if after < page.oldest - 1 {
            return Err(Problem::events_gone(page.oldest));
        }
        if !page.events.is_empty() || Instant::now() >= deadline {
            return Ok(page);
        }
        after = page.next_after;
        if page.has_more {
            continue;
        }
        if seat.is_none() {
            seat = Some(state.feed.seat().ok_or(Error::Busy { retry_after: RETRY })?);
        }
        tokio::select! {
            () = state.feed.beyond(after) => sleep(GATHER).await,
            () = sleep_until(deadline) => return Ok(page),
            () = state.lifecycle.drains() => return Ok(page),
        }
    }
}
