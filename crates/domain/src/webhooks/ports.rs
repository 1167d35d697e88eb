use std::fmt;

use async_trait::async_trait;

use super::{Answer, Attempt, Delivery, DeliveryId, DeliveryStatus, Endpoint, EndpointId, Target};
use crate::events::{EventType, PublishedEvent};
use crate::{Page, PageRequest, StoreError, UtcDateTime, Uuid};

/// Endpoints and deliveries within a transaction. Whoever locks both locks the endpoint first.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait WebhookRepository: Send {
    /// Inserts a new endpoint. Its secret is stored nowhere.
    async fn insert(&mut self, endpoint: &Endpoint) -> Result<(), StoreError>;

    /// How many endpoints there are.
    async fn count(&mut self) -> Result<u64, StoreError>;

    /// The current endpoint, locked until the transaction ends.
    async fn lock(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;

    /// The endpoint as it is. Nothing is locked.
    async fn find(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;

    /// Writes a locked endpoint.
    async fn update(&mut self, endpoint: &Endpoint) -> Result<(), StoreError>;

    /// Deletes a locked endpoint. Its deliveries stay for [`Self::purge`], and nobody finds them.
    async fn delete(&mut self, id: EndpointId) -> Result<(), StoreError>;

    /// Up to `limit` events of the feed after a position, in order.
    async fn events(&mut self, after: i64, limit: u64) -> Result<Vec<Passing>, StoreError>;

    /// The event, if it is kept.
    async fn event(&mut self, id: Uuid) -> Result<Option<PublishedEvent>, StoreError>;

    /// Inserts new deliveries.
    async fn add(&mut self, deliveries: &[Delivery]) -> Result<(), StoreError>;

    /// Those deliveries of these events to an endpoint that there are, locked.
    async fn deliveries_of(&mut self, endpoint: EndpointId, events: &[Uuid]) -> Result<Vec<Delivery>, StoreError>;

    /// The current delivery, locked.
    async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError>;

    /// Writes a locked delivery.
    async fn save(&mut self, delivery: &Delivery) -> Result<(), StoreError>;

    /// Adds a try of a locked delivery.
    async fn record(&mut self, attempt: &Attempt) -> Result<(), StoreError>;

    /// Deletes up to `limit` deliveries that were done before `before` or have no endpoint any more, with their attempts.
    /// Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// An event of the feed as an endpoint passes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passing {
    /// Its place in the feed.
    pub position: i64,
    /// The id of the event.
    pub id: Uuid,
    /// Its type; `None` if this version of the program does not know it.
    pub event_type: Option<EventType>,
    /// The id of the resource that changed.
    pub stream: Uuid,
}

/// An active endpoint, and whether something is to be sent to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveEndpoint {
    /// The endpoint, whose status is `active`.
    pub endpoint: Endpoint,
    /// Whether one of its deliveries is due.
    pub is_due: bool,
}

/// A delivery as the staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLog {
    /// The delivery, whether it is done or not.
    pub delivery: Delivery,
    /// The name of the type of its event, and its position; `None` if the event is not kept any more.
    pub event: Option<(String, i64)>,
    /// Each try, in order.
    pub attempts: Vec<Attempt>,
}

/// Reads of endpoints and deliveries, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait WebhookQueries: Send + Sync {
    /// The endpoint with this id; `None` if there is none.
    async fn get(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;

    /// A page of endpoints, in order of id: oldest first.
    async fn list(&self, page: &PageRequest) -> Result<Page<Endpoint>, StoreError>;

    /// All active endpoints, each with whether a delivery is due at `now`.
    async fn active(&self, now: UtcDateTime) -> Result<Vec<ActiveEndpoint>, StoreError>;

    /// Up to `limit` deliveries to an active endpoint that are due and that nobody tries, the longest due first.
    async fn due(&self, endpoint: EndpointId, now: UtcDateTime, limit: u64) -> Result<Vec<DeliveryId>, StoreError>;

    /// The delivery with its tries, if its endpoint is still there.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryLog>, StoreError>;

    /// A page of deliveries to an endpoint with their tries, newest first.
    async fn deliveries(
        &self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Page<DeliveryLog>, StoreError>;
}

/// The secret by which a receiver knows that a webhook is the shop's: `whsec_` and 32 bytes in base64. `Debug` does not
/// show it.
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointSecret(String);

impl EndpointSecret {
    /// Wraps a secret: `whsec_` and 32 bytes in base64.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret in plain text. It must not come into a log or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EndpointSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EndpointSecret(…)")
    }
}

/// Makes the secrets of endpoints. None is kept: each follows from a key of the shop.
pub trait EndpointSecrets: Send + Sync {
    /// The secret of an endpoint. Each generation has another.
    fn secret(&self, id: EndpointId, generation: i64) -> EndpointSecret;
}

/// A try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookCall {
    /// Whose secrets sign.
    pub endpoint_id: EndpointId,
    /// Where it is sent to.
    pub target: Target,
    /// The generations of its secrets that sign.
    pub generations: Vec<i64>,
    /// What is sent.
    pub event: PublishedEvent,
    /// The time of the try.
    pub at: UtcDateTime,
}

/// Sends webhooks to their receivers, each once; whoever calls it tries again.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// Sends an event once. Takes no longer than the time that a try may take.
    async fn send(&self, call: &WebhookCall) -> Answer;
}
