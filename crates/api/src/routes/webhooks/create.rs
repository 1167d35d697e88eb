use std::sync::Arc;

use application::webhooks::CreateEndpoint;
use domain::events::TypePatterns;
use domain::webhooks::{EndpointDescription, EndpointDetails, Target};
use serde_json::{Value, json};

use super::TAG;
use super::body::EndpointBody;
use crate::context::{State, secret_of};
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::CreatedWithSecret;

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
    "It gets the events of these types that happen from now on. The answer has its `secret`, which is not shown again; so \
     there is no idempotency key, and a lost answer means another endpoint. The URL is public and begins with `https://`, \
     but for networks of `webhooks.allow_networks`. A shop has at most 50.",
)
.problems(&[Kind::NO_SECRETS_KEY, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: Body<EndpointDetails>,
) -> Result<CreatedWithSecret<EndpointBody>, Problem> {
    let secrets = state.webhooks.secrets()?;
    let create = CreateEndpoint { details: request.0, networks: state.webhooks.networks.clone() };
    let made = staff.runner(&state).run(create).await?;
    let body = EndpointBody::from(&made).with_secret(&secret_of(secrets.as_ref(), &made));
    Ok(CreatedWithSecret { body, location: EndpointBody::location(&made) })
}
