use serde_json::json;

use super::Extract;
use crate::context::RequestContext;
use crate::operation::{Parameter, ParameterLocation, Signature};
use crate::problem::{Kind, Problem};

const NAME: &str = "Last-Event-ID";

/// The position of the last event that an `EventSource` has got, if it comes again.
pub(crate) struct LastEventId(pub(crate) Option<i64>);

impl Extract for LastEventId {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let Some(raw) = context.headers().get(NAME) else { return Ok(Self(None)) };
        let position = raw.to_str().ok().and_then(|text| text.parse().ok()).filter(|position| *position >= 0);
        let refused = || Problem::new(Kind::BAD_HEADER, "Last-Event-ID must be the id of an event of the stream.");
        position.map(|position| Self(Some(position))).ok_or_else(refused)
    }

    fn describe(signature: &mut Signature) {
        signature.parameters.push(Parameter {
            location: ParameterLocation::Header,
            name: NAME,
            description: "The `id` of the last event that the client has: an `EventSource` sends it by itself.",
            schema: json!({ "type": "string", "pattern": "^[0-9]+$", "maxLength": 19 }),
        });
        signature.problems.push(Kind::BAD_HEADER);
    }
}
