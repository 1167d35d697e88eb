use std::sync::Arc;

use application::Error;
use application::webhooks::Redeliver;
use domain::PageRequest;
use domain::webhooks::{Delivery, DeliveryId, DeliveryLog, DeliveryStatus, EndpointId};

use super::body::DeliveryBody;
use super::{TAG, known};
use crate::context::State;
use crate::extract::{FromQuery, IdempotentBody, Nothing, Params, Path, Query, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Accepted, Idempotent, List};

/// Which deliveries are wanted.
pub(crate) struct ListQuery {
    status: Option<DeliveryStatus>,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", DeliveryStatus::parse);
        let page = params.page("webhook-deliveries");
        Some(Self { status: status?, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listWebhookDeliveries",
    "List what was or is to be sent to a webhook endpoint, newest first",
    "Page by page, each with every try. A delivery is kept for 30 days after its end.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    query: Query<ListQuery>,
) -> Result<List<DeliveryBody>, Problem> {
    let endpoint = known(&state, id.0).await?;
    let ListQuery { status, page } = &query.0;
    let page = state.queries.webhooks.deliveries(endpoint.id, *status, page).await?;
    Ok(List::new("webhook-deliveries", page, DeliveryBody::from))
}

pub(crate) const REDELIVER: Operation = Operation::new(
    TAG,
    "redeliverWebhook",
    "Send an event to a webhook endpoint once more",
    "Whatever became of the delivery. It has all tries ahead of it again, and is sent as soon as the endpoint is active.",
);

pub(crate) async fn redeliver(
    staff: Staff,
    state: Arc<State>,
    id: Path<DeliveryId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Accepted<DeliveryBody>>, Problem> {
    let log = state.queries.webhooks.delivery(id.0).await?.ok_or(Error::NotFound("webhook delivery"))?;
    let present = move |again: &Delivery| {
        let log = DeliveryLog { delivery: again.clone(), event: log.event.clone(), attempts: log.attempts.clone() };
        Accepted::with(&DeliveryBody::from(log))
    };
    Ok(staff.runner(&state).run_once(request.claim, Redeliver(id.0), present).await?.try_into()?)
}
