//! Webhooks: where events are sent to, and what became of each. For staff.

pub(crate) mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod deliveries;
pub(super) mod replay;
pub(super) mod rotate;
pub(super) mod step;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::webhooks::{Endpoint, EndpointId};

use self::body::EndpointBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag {
    name: "Webhooks",
    description: "Events that are sent to other systems, signed as Standard Webhooks says. For staff.",
};

/// Which endpoints are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("webhook-endpoints").map(Self)
    }
}

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listWebhookEndpoints", "List webhook endpoints, oldest first", "Page by page.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<EndpointBody>, Problem> {
    let page = state.queries.webhooks.list(&query.0.0).await?;
    Ok(List::new("webhook-endpoints", page, |endpoint| EndpointBody::from(&endpoint)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showWebhookEndpoint",
    "Show a webhook endpoint",
    "`position` is how far it has come in `GET /api/v1/events`. The `ETag` is what `If-Match` wants.",
);

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
) -> Result<Resource<EndpointBody>, Problem> {
    Ok(Resource(EndpointBody::from(&known(&state, id.0).await?)))
}

/// The endpoint with this id.
///
/// # Errors
/// A 404 if there is none.
async fn known(state: &State, id: EndpointId) -> Result<Endpoint, Problem> {
    Ok(state.queries.webhooks.get(id).await?.ok_or(Error::NotFound("webhook endpoint"))?)
}
