use std::time::Duration;

use super::{Answer, Attempt, EndpointId, Verdict, wait_after};
use crate::id::id;
use crate::retry::{is_due, lease};
use crate::word::words;
use crate::{Lease, UtcDateTime, Uuid};

id! {
    /// The id of a delivery of one event to one endpoint.
    DeliveryId
}

words! {
    /// What became of a delivery.
    DeliveryStatus {
        /// It is to be tried.
        Pending = "pending",
        /// The receiver has the event.
        Succeeded = "succeeded",
        /// No try is left. The staff may have it sent again.
        Dead = "dead",
    }
}

/// One event that is sent, or to be sent, to one webhook endpoint. It has nothing to do with parcels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: DeliveryId,
    /// The webhook endpoint that gets it.
    pub endpoint_id: EndpointId,
    /// What goes there. The receiver knows it by this id.
    pub event_id: Uuid,
    /// What became of it.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub attempts: i64,
    /// How many of these tries belong to earlier rounds.
    pub spent: i64,
    /// When it is tried next, while it is pending.
    pub next_at: Option<UtcDateTime>,
    /// The server that tries it now.
    pub lease: Option<Lease>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// When it succeeded, or was given up.
    pub done_at: Option<UtcDateTime>,
}

impl Delivery {
    /// A new delivery, to be tried at once.
    pub const fn new(id: DeliveryId, endpoint_id: EndpointId, event_id: Uuid, now: UtcDateTime) -> Self {
        Self {
            id,
            endpoint_id,
            event_id,
            status: DeliveryStatus::Pending,
            attempts: 0,
            spent: 0,
            next_at: Some(now),
            lease: None,
            created_at: now,
            done_at: None,
        }
    }

    /// Whether a server may try it now.
    pub fn is_due(&self, now: UtcDateTime) -> bool {
        self.status == DeliveryStatus::Pending && is_due(self.next_at, self.lease, now)
    }

    /// The delivery while a server tries it, for at most `timeout`.
    #[must_use]
    pub fn held_by(&self, holder: Uuid, timeout: Duration, now: UtcDateTime) -> Self {
        Self { lease: Some(lease(holder, timeout, now)), ..self.clone() }
    }

    /// The delivery after a try of `holder` that began at `at`, with that try. `None` if nothing is to be written: somebody
    /// else tries it meanwhile, or it is done.
    pub fn after_try(
        &self,
        holder: Uuid,
        at: UtcDateTime,
        answer: &Answer,
        now: UtcDateTime,
    ) -> Option<(Self, Attempt)> {
        let is_held = self.lease.is_some_and(|lease| lease.holder == holder);
        let verdict = answer.verdict();
        if self.status != DeliveryStatus::Pending || !is_held && verdict != Verdict::Taken {
            return None;
        }
        let no = self.attempts.saturating_add(1);
        let tried = Self { attempts: no, lease: None, ..self.clone() };
        let wait = match verdict {
            Verdict::Taken => None,
            Verdict::Gone | Verdict::Failed => wait_after(no - self.spent, self.id, answer.retry_after),
        };
        let after = match (verdict, wait) {
            (Verdict::Taken, _) => tried.done(DeliveryStatus::Succeeded, now),
            (_, Some(wait)) => Self { next_at: Some(now + wait), ..tried },
            (_, None) => tried.done(DeliveryStatus::Dead, now),
        };
        Some((after, Attempt { delivery_id: self.id, no, at, answer: answer.clone() }))
    }

    /// The delivery given up, because its event is not kept any more.
    #[must_use]
    pub fn given_up(&self, now: UtcDateTime) -> Self {
        Self { lease: None, ..self.clone() }.done(DeliveryStatus::Dead, now)
    }

    /// The delivery to be made once more, with all tries ahead of it. A try that is under way goes on.
    #[must_use]
    pub fn again(&self, now: UtcDateTime) -> Self {
        let (status, spent) = (DeliveryStatus::Pending, self.attempts);
        Self { status, spent, next_at: Some(now), done_at: None, ..self.clone() }
    }

    fn done(self, status: DeliveryStatus, now: UtcDateTime) -> Self {
        Self { status, next_at: None, done_at: Some(now), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TRIES;
    use super::*;
    use crate::LEASE_MARGIN;

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;
    const SERVER: Uuid = Uuid::from_u128(9);
    const TIMEOUT: Duration = Duration::from_secs(15);

    fn new() -> Delivery {
        let id = |n| Uuid::from_u128(n);
        Delivery::new(DeliveryId(id(1)), EndpointId(id(2)), id(3), NOW)
    }

    fn answer(status: u16) -> Answer {
        Answer { status: Some(status), error: None, ..Answer::none("", Duration::from_millis(20)) }
    }

    /// The delivery after a try.
    fn tried(delivery: &Delivery, status: u16) -> Delivery {
        delivery.held_by(SERVER, TIMEOUT, NOW).after_try(SERVER, NOW, &answer(status), NOW).unwrap().0
    }

    #[test]
    fn a_delivery_is_tried_until_it_is_taken_r170() {
        let failed = tried(&new(), 500);
        assert_eq!((failed.status, failed.attempts, failed.lease), (DeliveryStatus::Pending, 1, None));
        let wait = failed.next_at.unwrap() - NOW;
        assert!(wait >= Duration::from_millis(4500) && wait <= Duration::from_millis(5500), "{wait}");
        assert!(!failed.is_due(NOW) && failed.is_due(NOW + Duration::from_secs(6)));
        let taken = tried(&failed, 204);
        assert_eq!((taken.status, taken.attempts, taken.done_at), (DeliveryStatus::Succeeded, 2, Some(NOW)));
        assert!(!taken.is_due(NOW + Duration::from_hours(99)));
    }

    #[test]
    fn after_the_tenth_try_it_is_dead_and_can_be_made_again_from_the_start_r170_r171() {
        let dead = (0..TRIES).fold(new(), |delivery, _| tried(&delivery, 302));
        assert_eq!((dead.status, dead.attempts, dead.next_at), (DeliveryStatus::Dead, 10, None));
        let again = dead.again(NOW);
        assert_eq!((again.status, again.id, again.done_at), (DeliveryStatus::Pending, dead.id, None));
        assert!(again.is_due(NOW));
        let failed = tried(&again, 500);
        assert_eq!((failed.attempts, failed.status), (11, DeliveryStatus::Pending));
        assert!(failed.next_at.unwrap() < NOW + Duration::from_secs(6), "it begins anew");
    }

    #[test]
    fn one_server_tries_it_until_its_lease_is_over_r170() {
        let held = new().held_by(SERVER, TIMEOUT, NOW);
        assert!(!held.is_due(NOW + TIMEOUT));
        assert!(held.is_due(NOW + TIMEOUT + LEASE_MARGIN));
        let other = Uuid::from_u128(8);
        assert_eq!(held.after_try(other, NOW, &answer(500), NOW), None, "its failure says nothing");
        assert!(held.after_try(other, NOW, &answer(200), NOW).is_some(), "the receiver has it, whoever sent it");
        let taken = tried(&held, 200);
        assert_eq!(taken.after_try(SERVER, NOW, &answer(200), NOW), None);
        assert_eq!(held.again(NOW).lease, held.lease, "a try goes on");
    }

    #[test]
    fn each_try_is_kept_with_what_came_of_it_r171() {
        let (_, attempt) =
            new().held_by(SERVER, TIMEOUT, NOW).after_try(SERVER, NOW, &answer(503), NOW + TIMEOUT).unwrap();
        assert_eq!((attempt.delivery_id, attempt.no, attempt.at), (new().id, 1, NOW));
        assert_eq!(attempt.answer.status, Some(503));
    }
}
