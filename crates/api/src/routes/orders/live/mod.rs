//! What happens to an order, live, as Server-Sent Events.

mod follow;
pub(crate) mod ticket;

use std::sync::Arc;
use std::time::Duration;

use application::Error;
use domain::events::EventPosition;
use domain::orders::{OrderId, OrderScope};

use self::follow::OrderStream;
use super::TAG;
use crate::context::{NoStream, State, StreamTicket};
use crate::extract::{Caller, Follower, FromQuery, LastEventId, Params, Path, Query, number_parameter};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::EventStream;

/// What a caller waits before it asks again if there are too many streams.
const RETRY: Duration = Duration::from_secs(30);

/// From where on an order is followed, and who may.
pub(crate) struct StreamQuery {
    after: i64,
    ticket: Option<StreamTicket>,
}

impl FromQuery for StreamQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let after = params.optional(
            "after",
            "Only what comes after this position, if there is no `Last-Event-ID`. 0 begins with the first event, which is \
             the default.",
            number_parameter(EventPosition::parse),
        );
        let ticket = params.optional(
            "ticket",
            "What opens the stream instead of an access token, which the `EventSource` of browsers cannot send.",
            StreamTicket::parse,
        );
        Some(Self { after: after?.map_or(0, EventPosition::get), ticket: ticket? })
    }
}

pub(crate) const EVENTS: Operation = Operation::new(
    TAG,
    "streamOrderEvents",
    "Follow what happens to an order, live",
    "First what happened so far after `Last-Event-ID` or `after`, then what happens, as Server-Sent Events: `id` is the \
     position, `event` the type, `data` the event as in `GET /events`. Customers are not informed of findings and disputes. \
     A comment comes every 15 seconds. The stream ends after 15 minutes, with its access token, some seconds after a \
     logout or the end of the API key or of its scope, and when the server stops; an `EventSource` goes on by itself. At most 5 streams for each caller, and 1,000 for each server.",
)
.problems(&[Kind::NOT_FOUND, Kind::EVENTS_GONE, Kind::EVENTS_AHEAD, Kind::BUSY, Kind::UNAVAILABLE]);

pub(crate) async fn events(
    follower: Follower,
    state: Arc<State>,
    id: Path<OrderId>,
    query: Query<StreamQuery>,
    last: LastEventId,
) -> Result<EventStream, Problem> {
    let StreamQuery { after, ticket } = query.0;
    let is_opened = ticket.is_some_and(|ticket| ticket.opens(id.0, state.clock.now(), &state.seal));
    let (caller, permit) = if is_opened { None } else { Some(follower.caller()?) }.unzip();
    let scope = caller.as_ref().map_or(OrderScope::All, Caller::order_scope);
    state.queries.orders.tracking(id.0, scope).await?.ok_or(Error::NotFound("order"))?;
    let of = caller.as_ref().map_or(id.0.0, Caller::id);
    let open = state.live.open(of).map_err(refused)?;
    let sees_all = caller.is_some_and(|caller| caller.sees_all());
    let stream = OrderStream::new(state, id.0, last.0.unwrap_or(after), sees_all, open).of(permit.flatten());
    Ok(EventStream(stream.checked().await?.stream()))
}

fn refused(refused: NoStream) -> Problem {
    match refused {
        NoStream::TooManyOfCaller => Error::Busy { retry_after: RETRY }.into(),
        NoStream::TooMany => {
            Problem::new(Kind::UNAVAILABLE, "This server has as many streams as it may have.").retry_after(RETRY)
        }
    }
}
