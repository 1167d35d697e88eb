use std::sync::Arc;

use application::webhooks::DeleteEndpoint;
use domain::webhooks::EndpointId;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoContent;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteWebhookEndpoint",
    "Delete a webhook endpoint",
    "What waits for it is not sent any more, and its deliveries are not shown.",
);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteEndpoint { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
