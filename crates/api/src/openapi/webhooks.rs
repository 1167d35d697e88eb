//! What the shop tells other systems, as OpenAPI 3.1 describes it: a webhook for each type of event.

use serde_json::{Map, Value, json};

use crate::media::JSON;
use crate::routes::described_events;
use crate::schema;

/// The webhooks by type of event. The schema of the data of each is added to `schemas`.
pub(super) fn webhooks(schemas: &mut Map<String, Value>) -> Map<String, Value> {
    let mut webhooks = Map::new();
    for described in described_events() {
        let event_type = described.event_type.as_str();
        let name = format!("{}Data", name_of(event_type));
        let body = json!({ "allOf": [
            schema::reference("Event"),
            { "type": "object", "properties": { "type": { "const": event_type }, "data": schema::reference(&name) } },
        ]});
        schemas.insert(name, described.data);
        let operation = json!({
            "tags": ["Events"],
            "operationId": format!("on{}", name_of(event_type)),
            "summary": described.summary,
            "description": "So it stands in `GET /api/v1/events`, and so it is sent to webhook endpoints, signed as \
                            Standard Webhooks says.",
            "requestBody": { "content": { JSON: { "schema": body, "example": described.example } } },
            "responses": { "204": { "description": "It was received." } },
            "security": [],
        });
        webhooks.insert(event_type.to_owned(), json!({ "post": operation }));
    }
    webhooks
}

/// `OrderStatusChanged` for `order.status_changed`.
fn name_of(event_type: &str) -> String {
    event_type.split(['.', '_']).map(super::complete::capitalized).collect()
}
