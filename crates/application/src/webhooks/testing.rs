//! What the tests of webhooks share.

use domain::events::{PublishedEvent, TypePatterns};
use domain::webhooks::{Answer, Delivery, DeliveryId, Endpoint, EndpointDetails, EndpointId, Target};

use crate::testing::{Mocks, NOW, id};

pub fn details() -> EndpointDetails {
    let target = Target::parse("https://receiver.example/hook").unwrap();
    EndpointDetails { target, types: TypePatterns::parse("order.*").unwrap(), description: None }
}

/// An active endpoint at position 7.
pub fn endpoint() -> Endpoint {
    Endpoint::new(EndpointId(id(1)), details(), 7, NOW)
}

/// A delivery to [`endpoint`] that was not tried yet.
pub fn delivery() -> Delivery {
    Delivery::new(DeliveryId(id(2)), endpoint().id, id(3), NOW)
}

/// The event of the delivery.
pub fn event() -> PublishedEvent {
    PublishedEvent {
        position: 8,
        id: id(3),
        event_type: "order.paid".to_owned(),
        stream: id(5),
        data: "{}".to_owned(),
        at: NOW,
    }
}

/// An answer with this status, after 5 ms.
pub fn answer(status: u16) -> Answer {
    Answer { status: Some(status), error: None, ..Answer::none("", std::time::Duration::from_millis(5)) }
}

/// A transaction that locks the endpoint.
pub fn locking(endpoint: Endpoint) -> Mocks {
    let mut tx = Mocks::default();
    tx.webhooks.expect_lock().once().return_once(move |_| Ok(Some(endpoint)));
    tx
}
