use std::sync::Arc;

use application::webhooks::{PauseEndpoint, ResumeEndpoint, TestEndpoint};
use domain::webhooks::{Endpoint, EndpointId};

use super::TAG;
use super::body::EndpointBody;
use crate::context::State;
use crate::extract::{IdempotentBody, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Accepted, Idempotent, Updated};

pub(crate) const PAUSE: Operation = Operation::new(
    TAG,
    "pauseWebhookEndpoint",
    "Pause a webhook endpoint: it is sent nothing for now",
    "What happens meanwhile waits, and is sent when it is resumed.",
);

pub(crate) async fn pause(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<EndpointBody>>, Problem> {
    let present = |endpoint: &Endpoint| Updated::with(&EndpointBody::from(endpoint));
    Ok(staff.runner(&state).run_once(request.claim, PauseEndpoint(id.0), present).await?.try_into()?)
}

pub(crate) const RESUME: Operation = Operation::new(
    TAG,
    "resumeWebhookEndpoint",
    "Resume a webhook endpoint that was paused or switched off",
    "It goes on where it was, with what is kept of the events since then.",
);

pub(crate) async fn resume(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<EndpointBody>>, Problem> {
    let present = |endpoint: &Endpoint| Updated::with(&EndpointBody::from(endpoint));
    Ok(staff.runner(&state).run_once(request.claim, ResumeEndpoint(id.0), present).await?.try_into()?)
}

pub(crate) const TEST: Operation = Operation::new(
    TAG,
    "testWebhookEndpoint",
    "Send a webhook endpoint a `webhook.test`",
    "Whatever types it wants. The test is an event like any other, and its delivery is in the list of deliveries.",
)
.problems(&[Kind::ENDPOINT_STILL]);

pub(crate) async fn test(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Accepted<EndpointBody>>, Problem> {
    let present = |endpoint: &Endpoint| Accepted::with(&EndpointBody::from(endpoint));
    Ok(staff.runner(&state).run_once(request.claim, TestEndpoint(id.0), present).await?.try_into()?)
}
