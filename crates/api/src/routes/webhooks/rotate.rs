use std::sync::Arc;

use application::webhooks::RotateSecret;
use domain::webhooks::{Endpoint, EndpointId};

use super::TAG;
use super::body::EndpointBody;
use crate::context::{State, secret_of};
use crate::extract::{IdempotentBody, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{SecretOnce, ShownOnce, Updated};

pub(crate) const ROTATE: Operation = Operation::new(
    TAG,
    "rotateWebhookSecret",
    "Give a webhook endpoint a new secret, and see it",
    "For a day the previous secret signs too, so that the receiver has time to change. The new one is not shown again: \
     a repeated request with the same `Idempotency-Key` gets null there. If the answer is lost, rotate once more, with \
     another key.",
)
.problems(&[Kind::NO_SECRETS_KEY]);

pub(crate) async fn rotate(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    request: IdempotentBody<Nothing>,
) -> Result<SecretOnce<Updated<EndpointBody>>, Problem> {
    let secrets = state.webhooks.secrets()?;
    let present = move |rotated: &Endpoint| {
        let body = EndpointBody::from(rotated);
        let kept = Updated::with(&body);
        ShownOnce { shown: Updated::with(&body.with_secret(&secret_of(secrets.as_ref(), rotated))), kept }
    };
    Ok(staff.runner(&state).run_once(request.claim, RotateSecret(id.0), present).await?.try_into()?)
}
