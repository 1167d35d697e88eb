use std::time::Duration;

use application::Error;
use domain::events::{EventFilter, FeedPage};
use tokio::time::{Instant, sleep, sleep_until};

use super::query::ListQuery;
use crate::context::State;
use crate::problem::Problem;

/// What a client waits before it asks again if too many wait.
const RETRY: Duration = Duration::from_secs(5);

/// How long to wait for further events once the first has come. It also gives a database whose reads lag behind time to
/// catch up.
const GATHER: Duration = Duration::from_millis(10);

/// How far the answers of a database may lag behind what another server has read of it.
const LAG: Duration = Duration::from_secs(1);

/// The wanted events, or what is known when the time to wait is over.
///
/// # Errors
/// 410 if the first of them are not kept any more, or if the feed has not reached the position after which they are
/// wanted; 429 if too many wait already.
pub(super) async fn read(state: &State, query: &ListQuery) -> Result<FeedPage, Problem> {
    let deadline = Instant::now() + query.wait;
    let (mut after, mut seat) = (query.after, None);
    loop {
        let page = read_within(state, &query.filter, after, query.limit).await?;
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

/// A page of the feed after a position that is in it.
///
/// # Errors
/// 410 if what comes after the position is not kept any more, or if the feed has not reached it.
pub(in crate::routes) async fn read_within(
    state: &State,
    filter: &EventFilter,
    after: i64,
    limit: u64,
) -> Result<FeedPage, Problem> {
    let mut page = state.queries.events.read(filter, after, limit).await?;
    if page.last < after {
        sleep(LAG).await;
        page = state.queries.events.read(filter, after, limit).await?;
    }
    if page.last < after {
        return Err(Problem::events_ahead(after, page.oldest, page.last));
    }
    if after < page.oldest - 1 {
        return Err(Problem::events_gone(page.oldest));
    }
    Ok(page)
}
