use std::sync::Arc;

use application::webhooks::ReplayEvents;
use domain::events::EventPosition;
use domain::webhooks::{Endpoint, EndpointId};
use serde_json::{Value, json};

use super::TAG;
use super::body::EndpointBody;
use crate::context::State;
use crate::extract::read::integer;
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Accepted, Idempotent};

/// Between which positions.
pub(crate) struct Replay {
    after: EventPosition,
    before: Option<EventPosition>,
}

impl FromFields for Replay {
    const NAME: &'static str = "Replay";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let after = fields.required("after", &integer(EventPosition::parse));
        let before = fields.optional("before", &integer(EventPosition::parse));
        Some(Self { after: after?, before: before? })
    }

    fn example() -> Value {
        json!({ "after": 4000, "before": 4712 })
    }
}

pub(crate) const REPLAY: Operation = Operation::new(
    TAG,
    "replayWebhooks",
    "Send a webhook endpoint what happened between two positions once more",
    "What comes after `after` and before `before`, or without that up to where the endpoint is: what it wants of the events \
     that are kept. Each keeps its id, so that a receiver knows what it has. It is done afterwards.",
);

pub(crate) async fn replay(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    request: IdempotentBody<Replay>,
) -> Result<Idempotent<Accepted<EndpointBody>>, Problem> {
    let Replay { after, before } = request.body;
    let replay = ReplayEvents { id: id.0, after: after.get(), before: before.map(EventPosition::get) };
    let present = |endpoint: &Endpoint| Accepted::with(&EndpointBody::from(endpoint));
    Ok(staff.runner(&state).run_once(request.claim, replay, present).await?.try_into()?)
}
