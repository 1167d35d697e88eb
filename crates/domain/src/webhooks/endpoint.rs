use crate::events::{EventType, TypePatterns};
use crate::id::id;
use crate::word::words;
use crate::{UtcDateTime, Uuid, Version};

use super::Target;

id! {
    /// The id of a webhook endpoint.
    EndpointId
}

words! {
    /// Whether events are sent to an endpoint.
    EndpointStatus {
        /// Events are sent.
        Active = "active",
        /// The staff have paused it. What happens meanwhile is sent when it is resumed.
        Paused = "paused",
        /// The shop has switched it off, because its receiver took nothing for days or is gone for good. What happens
        /// meanwhile is sent when it is resumed.
        Off = "off",
    }
}

crate::text::text! {
    /// What an endpoint is for: 1 to 200 characters.
    EndpointDescription, 1, 200, One
}

/// Where events are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: EndpointId,
    /// Where they are sent to.
    pub target: Target,
    /// Which types of events are sent.
    pub types: TypePatterns,
    /// What the endpoint is for, for people: 1 to 200 characters.
    pub description: Option<EndpointDescription>,
    /// Whether they are sent.
    pub status: EndpointStatus,
    /// Which of its secrets signs: 1, and one more with each rotation.
    pub generation: i64,
    /// When the secret was changed last.
    pub rotated_at: Option<UtcDateTime>,
    /// The position in the feed up to which events have become deliveries.
    pub position: i64,
    /// The positions between which events become deliveries once more, both exclusive.
    pub replay: Option<(i64, i64)>,
    /// When the receiver took something last, to the minute.
    pub last_success_at: Option<UtcDateTime>,
    /// How many tries have failed since then.
    pub failures: i64,
    /// When the first of them was.
    pub failing_since: Option<UtcDateTime>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change by staff or of the status.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each such change.
    pub version: Version,
}

/// The input for a new endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointDetails {
    /// Where events are sent to.
    pub target: Target,
    /// Which types of events are sent.
    pub types: TypePatterns,
    /// What the endpoint is for, for people: 1 to 200 characters.
    pub description: Option<EndpointDescription>,
}

/// A change of an endpoint. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointChange {
    /// Where events are sent to.
    pub target: Option<Target>,
    /// Which types of events are sent; `None` keeps them.
    pub types: Option<TypePatterns>,
    /// What it is for; `Some(None)` takes it away.
    pub description: Option<Option<EndpointDescription>>,
}

impl EndpointDetails {
    /// The name of the field with the target.
    pub const TARGET: &str = "url";
}

impl Endpoint {
    /// The most endpoints of a shop.
    pub const MOST: u64 = 50;

    /// A new endpoint. It gets what happens after this position of the feed.
    pub fn new(id: EndpointId, details: EndpointDetails, position: i64, now: UtcDateTime) -> Self {
        let EndpointDetails { target, types, description } = details;
        Self {
            id,
            target,
            types,
            description,
            status: EndpointStatus::Active,
            generation: 1,
            rotated_at: None,
            position,
            replay: None,
            last_success_at: None,
            failures: 0,
            failing_since: None,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The endpoint after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &EndpointChange, now: UtcDateTime) -> Self {
        let EndpointChange { target, types, description } = change.clone();
        let after = Self {
            target: target.unwrap_or_else(|| self.target.clone()),
            types: types.unwrap_or_else(|| self.types.clone()),
            description: description.unwrap_or_else(|| self.description.clone()),
            ..self.clone()
        };
        if after == *self { after } else { after.at_next_version(now) }
    }

    /// The endpoint paused. One that is not active stays as it is.
    #[must_use]
    pub fn paused(&self, now: UtcDateTime) -> Self {
        match self.status {
            EndpointStatus::Active => self.with_status(EndpointStatus::Paused, now),
            EndpointStatus::Paused | EndpointStatus::Off => self.clone(),
        }
    }

    /// The endpoint active, with a clean slate. It goes on where it was.
    #[must_use]
    pub fn resumed(&self, now: UtcDateTime) -> Self {
        if self.status == EndpointStatus::Active {
            return self.clone();
        }
        Self { failures: 0, failing_since: None, ..self.with_status(EndpointStatus::Active, now) }
    }

    /// The endpoint with a new secret.
    #[must_use]
    pub fn rotated(&self, now: UtcDateTime) -> Self {
        let generation = self.generation.saturating_add(1);
        Self { generation, rotated_at: Some(now), ..self.clone() }.at_next_version(now)
    }

    /// The endpoint which gets what happened between these positions once more: after the first one, and before the second
    /// one if it is given. What is after its own position comes by itself. A replay that is not over becomes a part of it.
    #[must_use]
    pub fn replaying(&self, after: i64, before: Option<i64>) -> Self {
        let end = self.position.saturating_add(1);
        let before = before.map_or(end, |before| before.min(end));
        let (after, before) = self.replay.map_or((after, before), |(from, to)| (after.min(from), before.max(to)));
        Self { replay: (after < before.saturating_sub(1)).then_some((after, before)), ..self.clone() }
    }

    /// Whether it is sent an event. The test of an endpoint is sent to that endpoint only, whatever it wants.
    pub fn wants(&self, event_type: EventType, stream: Uuid) -> bool {
        match event_type {
            EventType::WebhookTest => stream == self.id.0,
            _ => self.types.as_slice().contains(&event_type),
        }
    }

    /// Whether events are sent to it.
    pub fn is_active(&self) -> bool {
        self.status == EndpointStatus::Active
    }

    pub(super) fn with_status(&self, status: EndpointStatus, now: UtcDateTime) -> Self {
        Self { status, ..self.clone() }.at_next_version(now)
    }

    fn at_next_version(self, now: UtcDateTime) -> Self {
        Self { updated_at: now, version: self.version.next(), ..self }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;

    pub const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;
    const LATER: UtcDateTime = UtcDateTime::UNIX_EPOCH.saturating_add(time::Duration::hours(1));

    pub fn endpoint() -> Endpoint {
        let details = EndpointDetails {
            target: Target::parse("https://shop.example/hook").unwrap(),
            types: TypePatterns::parse("order.*").unwrap(),
            description: None,
        };
        Endpoint::new(EndpointId(Uuid::from_u128(1)), details, 7, NOW)
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_counts_only_if_something_changes_r168() {
        let before = endpoint();
        assert_eq!((before.status, before.position, before.generation), (EndpointStatus::Active, 7, 1));
        let change = EndpointChange { types: TypePatterns::parse("*").ok(), ..EndpointChange::default() };
        let after = before.changed(&change, LATER);
        assert_eq!((after.version, after.updated_at, &after.target), (Version(2), LATER, &before.target));
        assert_eq!(after.changed(&change, NOW + Duration::from_hours(9)), after);
        let named = EndpointChange { description: Some(EndpointDescription::parse("ERP").ok()), ..change };
        let named = after.changed(&named, LATER);
        assert_eq!(named.description.as_ref().map(EndpointDescription::as_str), Some("ERP"));
        let unnamed = EndpointChange { description: Some(None), ..EndpointChange::default() };
        assert_eq!(named.changed(&unnamed, LATER).description, None);
    }

    #[test]
    fn a_paused_endpoint_goes_on_where_it_was_r168_r171() {
        let paused = endpoint().paused(LATER);
        assert_eq!((paused.status, paused.version, paused.position), (EndpointStatus::Paused, Version(2), 7));
        assert_eq!(paused.paused(LATER), paused);
        let off = Endpoint { failures: 9, failing_since: Some(NOW), ..paused.with_status(EndpointStatus::Off, LATER) };
        assert_eq!(off.paused(LATER), off);
        let resumed = off.resumed(LATER);
        assert_eq!((resumed.status, resumed.failures, resumed.failing_since), (EndpointStatus::Active, 0, None));
        assert_eq!((resumed.position, resumed.resumed(LATER)), (7, resumed.clone()));
    }

    #[test]
    fn the_test_of_an_endpoint_goes_to_it_alone_r168() {
        let (orders, id) = (endpoint(), Uuid::from_u128(1));
        let all =
            Endpoint { id: EndpointId(Uuid::from_u128(2)), types: TypePatterns::parse("*").unwrap(), ..endpoint() };
        assert!(orders.wants(EventType::WebhookTest, id) && !all.wants(EventType::WebhookTest, id));
        assert!(orders.wants(EventType::OrderPaid, id) && !orders.wants(EventType::RefundCreated, id));
        assert!(all.wants(EventType::RefundCreated, id));
    }

    #[test]
    fn a_replay_ends_where_the_endpoint_is_and_takes_over_one_that_is_not_over_r171() {
        let replay = |after, before| endpoint().replaying(after, before).replay;
        assert_eq!(replay(0, None), Some((0, 8)));
        assert_eq!(replay(2, Some(5)), Some((2, 5)));
        assert_eq!(replay(2, Some(99)), Some((2, 8)), "the rest comes by itself");
        assert_eq!(replay(7, None), None);
        assert_eq!(replay(2, Some(3)), None, "nothing is between");
        assert_eq!(endpoint().replaying(1, Some(3)).replaying(4, Some(6)).replay, Some((1, 6)));
    }
}
