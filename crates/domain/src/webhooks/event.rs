use super::Endpoint;
use crate::events::{Event, EventType, Fact};

impl Event {
    /// Somebody tries whether an endpoint is reached.
    pub fn webhook_test(endpoint: &Endpoint) -> Self {
        let data =
            vec![("webhook_endpoint_id", Fact::Id(endpoint.id.0)), ("version", Fact::Number(endpoint.version.0))];
        Self { event_type: EventType::WebhookTest, stream: endpoint.id.0, data }
    }
}
