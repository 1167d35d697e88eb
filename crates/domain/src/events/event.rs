use super::EventType;
use crate::{Money, UtcDateTime, Uuid};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub event_type: EventType,
    /// The id of the order, product, customer or promotion that it happened to, by which readers find all that happened to
    /// it; of the test of a webhook, its endpoint.
    pub stream: Uuid,
    /// What is said of it, by name.
    pub data: Vec<(&'static str, Fact)>,
}

/// A value in an event. There is none for free text, which could hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The id of an order, a product, a payment or the like.
    Id(Uuid),
    /// A count or a version.
    Number(i64),
    /// One word of a closed set.
    Word(&'static str),
    /// An amount in minor units with its currency.
    Money(Money),
    /// A point in time, in UTC.
    Time(UtcDateTime),
    /// There is no value.
    Nothing,
}
