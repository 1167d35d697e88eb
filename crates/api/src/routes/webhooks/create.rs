use std::sync::Arc;

use application::webhooks::CreateEndpoint;
use domain::events::TypePatterns;
use domain::webhooks::{Endpoint, EndpointDescription, EndpointDetails, Target};
use serde_json::{Value, json};

use super::TAG;
use super::body::EndpointBody;
use crate::context::{State, secret_of};
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, SecretOnce, ShownOnce};

impl FromFields for EndpointDetails {
    const NAME: &'static str = "NewWebhookEndpoint";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let target = fields.required(Self::TARGET, &text(Target::parse));
        let types = fields.required("types", &text(TypePatterns::parse));
        let description = fields.optional("description", &text(EndpointDescription::parse));
        Some(Self { target: target?, types: types?, description: description? })
    }

    fn example() -> Value {
        json!({
            "url": "https://erp.example.com/hooks/storekeeper",
            "types": "order.*,refund.succeeded",
            "description": "Books orders in the ERP",
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createWebhookEndpoint",
    "Make a webhook endpoint, and see its secret",
    "It gets the events of these types that happen from now on. The answer has its `secret`, which is not shown again: \
     a repeated request with the same `Idempotency-Key` gets null there, and rotating gives another. The URL is public and \
     begins with `https://`, but for networks of `webhooks.allow_networks`. A shop has at most 50.",
)
.problems(&[Kind::NO_SECRETS_KEY, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<EndpointDetails>,
) -> Result<SecretOnce<Created<EndpointBody>>, Problem> {
    let IdempotentBody { body: details, claim } = request;
    let secrets = state.webhooks.secrets()?;
    let present = move |made: &Endpoint| {
        let (location, body) = (EndpointBody::location(made), EndpointBody::from(made));
        let kept = Created::at(location.clone(), &body);
        ShownOnce { shown: Created::at(location, &body.with_secret(&secret_of(secrets.as_ref(), made))), kept }
    };
    let create = CreateEndpoint { details, networks: state.webhooks.networks.clone() };
    Ok(staff.runner(&state).run_once(claim, create, present).await?.try_into()?)
}
