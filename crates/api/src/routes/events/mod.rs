//! What happened in the shop, for other systems.

mod body;
mod query;
mod types;
mod wait;

use std::sync::Arc;

pub(crate) use self::body::EventBody;
use self::body::FeedBody;
use self::query::ListQuery;
use self::wait::read;
pub(in crate::routes) use self::wait::read_within;
use crate::context::State;
use crate::extract::{Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;

pub(crate) use types::described;

pub(super) const TAG: &Tag =
    &Tag { name: "Events", description: "What happened in the shop, in one sequence, for other systems. For staff." };

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listEvents",
    "List what happened after a position, oldest first",
    "Positions are 1, 2, 3 and so on, without a gap, and never change. A reader keeps `next_after` with what it has done, \
     and asks again with it; it misses nothing and needs no other state. A page may be empty and still lead on: go by \
     `next_after`. With `wait` the answer is held back until something happens. Events hold ids, versions, states and \
     amounts, and no personal data; `webhooks` in this document has a schema of each type.",
)
.problems(&[Kind::EVENTS_GONE, Kind::EVENTS_AHEAD, Kind::BUSY]);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<NoStore<FeedBody>, Problem> {
    let page = read(&state, &query.0).await?;
    Ok(NoStore(FeedBody::try_from(page)?))
}
