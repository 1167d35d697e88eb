use domain::events::TypePatterns;
use domain::webhooks::{
    Attempt, Delivery, DeliveryId, DeliveryLog, DeliveryStatus, Endpoint, EndpointDescription, EndpointDetails,
    EndpointId, EndpointSecret, EndpointStatus, Target,
};
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// Where events are sent to.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "WebhookEndpoint")]
pub(crate) struct EndpointBody {
    id: Id,
    url: String,
    /// The types of events that it gets, such as `order.*,refund.succeeded`.
    types: String,
    /// What it is for.
    description: Option<String>,
    /// `paused` by the staff, or switched `off` because its receiver took nothing for five days or answered 410.
    status: Word<EndpointStatus>,
    /// The position in the feed up to which it was looked at for this endpoint.
    position: i64,
    /// When the receiver took something last, to the minute.
    last_success_at: Option<Timestamp>,
    /// When the first of the tries was that have all failed since.
    failing_since: Option<Timestamp>,
    /// When its secret was changed. For a day both the old and the new one sign.
    rotated_at: Option<Timestamp>,
    /// The secret that webhooks are signed with. It is shown when the endpoint is made and when it gets a new one, and
    /// never again.
    secret: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl EndpointBody {
    pub(super) fn location(endpoint: &Endpoint) -> String {
        format!("/api/v1/webhook-endpoints/{}", endpoint.id)
    }

    /// The same with its secret.
    pub(super) fn with_secret(self, secret: &EndpointSecret) -> Self {
        Self { secret: Some(secret.expose().to_owned()), ..self }
    }
}

impl From<&Endpoint> for EndpointBody {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: Id(endpoint.id.0),
            url: endpoint.target.to_string(),
            types: endpoint.types.to_string(),
            description: endpoint.description.as_ref().map(ToString::to_string),
            status: endpoint.status.as_str().into(),
            position: endpoint.position,
            last_success_at: endpoint.last_success_at.map(Timestamp),
            failing_since: endpoint.failing_since.map(Timestamp),
            rotated_at: endpoint.rotated_at.map(Timestamp),
            secret: None,
            created_at: Timestamp(endpoint.created_at),
            updated_at: Timestamp(endpoint.updated_at),
            version: endpoint.version.0,
        }
    }
}

/// An endpoint of the example shop.
pub(crate) fn example_endpoint() -> Endpoint {
    // These can be parsed, so that nothing of it is ever left out.
    let target = Target::from_stored("https://erp.example.com/hooks/storekeeper");
    let (Ok(target), types) = (target, TypePatterns::from_trusted("order.*,refund.succeeded".to_owned())) else {
        unreachable!("the example is a URL")
    };
    let description = Some(EndpointDescription::from_trusted("Books orders in the ERP".to_owned()));
    Endpoint::new(EndpointId(example::id()), EndpointDetails { target, types, description }, 4711, example::NOW)
}

impl ResponseBody for EndpointBody {
    fn example() -> Self {
        Self::from(&example_endpoint())
    }
}

impl Body for EndpointBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// An event on its way to an endpoint.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "WebhookDelivery")]
pub(crate) struct DeliveryBody {
    id: Id,
    endpoint_id: Id,
    /// The event: the `webhook-id` of every try.
    event_id: Id,
    /// The type of the event; null if it is not kept any more.
    event_type: Option<String>,
    /// The position of the event; null if it is not kept any more.
    position: Option<i64>,
    status: Word<DeliveryStatus>,
    /// When it is tried next.
    next_at: Option<Timestamp>,
    created_at: Timestamp,
    /// When it succeeded or was given up.
    done_at: Option<Timestamp>,
    /// Each try, in order.
    attempts: Vec<AttemptBody>,
}

/// One try of a delivery.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "WebhookAttempt")]
pub(crate) struct AttemptBody {
    /// 1, 2, 3 and so on.
    number: i64,
    at: Timestamp,
    /// The status of the answer; null if none came.
    status: Option<u16>,
    duration_ms: i64,
    /// Why no answer came.
    error: Option<String>,
    /// The beginning of the answer: at most 1,024 bytes.
    answer: Option<String>,
}

impl From<DeliveryLog> for DeliveryBody {
    fn from(log: DeliveryLog) -> Self {
        let DeliveryLog { delivery, event, attempts } = log;
        let (event_type, position) = event.unzip();
        Self {
            id: Id(delivery.id.0),
            endpoint_id: Id(delivery.endpoint_id.0),
            event_id: Id(delivery.event_id),
            event_type,
            position,
            status: delivery.status.as_str().into(),
            next_at: delivery.next_at.map(Timestamp),
            created_at: Timestamp(delivery.created_at),
            done_at: delivery.done_at.map(Timestamp),
            attempts: attempts.iter().map(AttemptBody::from).collect(),
        }
    }
}

impl From<&Attempt> for AttemptBody {
    fn from(attempt: &Attempt) -> Self {
        let answer = &attempt.answer;
        Self {
            number: attempt.no,
            at: Timestamp(attempt.at),
            status: answer.status,
            duration_ms: i64::try_from(answer.took.as_millis()).unwrap_or(i64::MAX),
            error: answer.error.as_ref().map(|error| error.as_str().to_owned()),
            answer: answer.body.as_ref().map(|text| text.as_str().to_owned()),
        }
    }
}

impl ResponseBody for DeliveryBody {
    fn example() -> Self {
        let id = example::id();
        let delivery = Delivery::new(DeliveryId(id), EndpointId(id), id, example::NOW);
        Self::from(DeliveryLog { delivery, event: Some(("order.placed".to_owned(), 4711)), attempts: Vec::new() })
    }
}

impl Body for DeliveryBody {
    fn version(&self) -> Option<i64> {
        None
    }
}
