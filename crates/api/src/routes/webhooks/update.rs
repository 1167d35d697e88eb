use std::sync::Arc;

use application::webhooks::UpdateEndpoint;
use domain::events::TypePatterns;
use domain::webhooks::{EndpointChange, EndpointDescription, EndpointDetails, EndpointId, Target};
use serde_json::{Value, json};

use super::TAG;
use super::body::EndpointBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

impl FromFields for EndpointChange {
    const NAME: &'static str = "WebhookEndpointChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let target = fields.change(EndpointDetails::TARGET, &text(Target::parse));
        let types = fields.change("types", &text(TypePatterns::parse));
        let description = fields.change_or_clear("description", &text(EndpointDescription::parse));
        Some(Self { target: target?, types: types?, description: description? })
    }

    fn example() -> Value {
        json!({ "types": "order.*" })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateWebhookEndpoint",
    "Change a webhook endpoint",
    "Fields that are not named stay; null takes the description away. Other types hold for what happens from now on.",
);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<EndpointId>,
    expected: IfMatch,
    change: Body<EndpointChange>,
) -> Result<Resource<EndpointBody>, Problem> {
    let networks = state.webhooks.networks.clone();
    let update = UpdateEndpoint { id: id.0, change: change.0, expected: expected.0, networks };
    Ok(Resource(EndpointBody::from(&staff.runner(&state).run(update).await?)))
}
