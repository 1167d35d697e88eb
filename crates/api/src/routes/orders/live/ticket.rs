use std::sync::Arc;

use application::Error;
use domain::orders::OrderId;
use serde::Serialize;

use super::TAG;
use crate::context::{State, StreamTicket, TICKET_LASTS};
use crate::extract::{Body, Caller, Nothing, Path};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;
use crate::schema::{Apiv2Schema, ResponseBody};

/// What opens the stream of an order.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "StreamTicket")]
pub(crate) struct TicketBody {
    /// The `ticket` of `GET /orders/{id}/events`. Whoever has it sees what happens to this order.
    ticket: String,
    /// How many seconds it opens streams. One that is open goes on.
    expires_in: u64,
}

impl ResponseBody for TicketBody {
    fn example() -> Self {
        Self { ticket: "AAAAAGl98cA…".to_owned(), expires_in: TICKET_LASTS.as_secs() }
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createStreamTicket",
    "Get a ticket to follow an order from a browser",
    "For `new EventSource(\"/api/v1/orders/{id}/events?ticket=…\")`, which cannot send an access token. There is no \
     idempotency key: a ticket changes nothing.",
)
.problems(&[Kind::NOT_FOUND]);

pub(crate) async fn create(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
    _nothing: Body<Nothing>,
) -> Result<NoStore<TicketBody>, Problem> {
    state.queries.orders.tracking(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("order"))?;
    let ticket = StreamTicket::new(id.0, state.clock.now(), &state.seal);
    Ok(NoStore(TicketBody { ticket: ticket.expose().to_owned(), expires_in: TICKET_LASTS.as_secs() }))
}
