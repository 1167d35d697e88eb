use std::sync::Arc;

use application::webhooks::RotateSecret;
use domain::webhooks::EndpointId;

use super::TAG;
use super::body::EndpointBody;
use crate::context::{State, secret_of};
use crate::extract::{Body, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;

pub(crate) const ROTATE: Operation = Operation::new(
    TAG,
    "rotateWebhookSecret",
    "Give a webhook endpoint a new secret, and see it",
    "For a day the secret of before signs too, so that the receiver has time to change. The new one is not shown again; if \
     the answer is lost, rotate once more.",
)
.problems(&[Kind::NO_SECRETS_KEY]);

pub(crate) async fn rotate(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    _nothing: Body<Nothing>,
) -> Result<NoStore<EndpointBody>, Problem> {
    let secrets = state.webhooks.secrets()?;
    let rotated = staff.runner(&state).run(RotateSecret(id.0)).await?;
    Ok(NoStore(EndpointBody::from(&rotated).with_secret(&secret_of(secrets.as_ref(), &rotated))))
}
