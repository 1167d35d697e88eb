use std::time::Duration;

use super::Topic;
use crate::events::EventType;
use crate::orders::OrderPaymentStatus;
use crate::{MailTemplate, UtcDateTime, Uuid};

/// How old an event may be for a mail to tell of it: longer than a mail is tried. Who switches mail on after weeks does not
/// write to the customers of these weeks.
pub const STALE_AFTER: Duration = Duration::from_hours(3 * 24);

/// An event of the feed as mail sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// Its place in the feed.
    pub position: i64,
    /// The id of the event. A mail about a subject is queued once for it.
    pub id: Uuid,
    /// Its type; `None` if this version of the program does not know it.
    pub event_type: Option<EventType>,
    /// The order, product or customer that it happened to.
    pub stream: Uuid,
    /// The refund or payment that it names.
    pub part: Option<Uuid>,
    /// What it says of the payment of an order.
    pub payment_status: Option<OrderPaymentStatus>,
    /// When it happened.
    pub at: UtcDateTime,
}

impl Occasion {
    /// The mail that tells of it, if there is one.
    pub fn topic(&self) -> Option<Topic> {
        let part = self.part.unwrap_or(self.stream);
        let (template, subject_id) = match self.event_type? {
            EventType::OrderPlaced if self.payment_status == Some(OrderPaymentStatus::NotRequired) => {
                (MailTemplate::OrderConfirmed, self.stream)
            }
            EventType::OrderPlaced => (MailTemplate::OrderReceived, self.stream),
            EventType::OrderPaid => (MailTemplate::OrderConfirmed, self.stream),
            EventType::OrderCancelled => (MailTemplate::OrderCancelled, self.stream),
            EventType::RefundSucceeded => (MailTemplate::RefundMade, part),
            EventType::StockBelowThreshold => (MailTemplate::AlertLowStock, self.stream),
            EventType::PaymentFinding => (MailTemplate::AlertPaymentFinding, part),
            EventType::DisputeOpened => (MailTemplate::AlertDispute, part),
            _ => return None,
        };
        let occasion = if template == MailTemplate::AlertLowStock { day_of(self.at) } else { self.id };
        Some(Topic { template, occasion: Some(occasion), subject_id, customer_id: None, recipient: None })
    }

    /// Whether it is too long ago for a mail.
    pub fn is_stale(&self, now: UtcDateTime) -> bool {
        self.at + STALE_AFTER < now
    }
}

/// The occasion of a mail that is sent once a day, whatever happens on that day in UTC.
pub fn day_of(at: UtcDateTime) -> Uuid {
    let day = (at - UtcDateTime::UNIX_EPOCH).whole_days();
    Uuid::from_u128(u128::from(day.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occasion(event_type: EventType, payment_status: Option<OrderPaymentStatus>) -> Occasion {
        let id = |n| Uuid::from_u128(n);
        let at = UtcDateTime::UNIX_EPOCH;
        let event_type = Some(event_type);
        Occasion { position: 1, id: id(1), event_type, stream: id(2), part: Some(id(3)), payment_status, at }
    }

    #[test]
    fn an_order_is_received_if_it_waits_for_money_and_else_confirmed_r153() {
        let template = |event_type, status| occasion(event_type, status).topic().map(|topic| topic.template);
        let not_required = Some(OrderPaymentStatus::NotRequired);
        assert_eq!(template(EventType::OrderPlaced, not_required), Some(MailTemplate::OrderConfirmed));
        assert_eq!(
            template(EventType::OrderPlaced, Some(OrderPaymentStatus::Unpaid)),
            Some(MailTemplate::OrderReceived)
        );
        assert_eq!(template(EventType::OrderPaid, None), Some(MailTemplate::OrderConfirmed));
        assert_eq!(template(EventType::OrderUpdated, None), None);
        assert_eq!(template(EventType::ProductCreated, None), None);
    }

    #[test]
    fn a_mail_is_about_its_order_or_refund_and_tells_of_one_event_r151_r153() {
        let order = occasion(EventType::OrderCancelled, None).topic().unwrap();
        assert_eq!((order.subject_id, order.occasion), (Uuid::from_u128(2), Some(Uuid::from_u128(1))));
        let refund = occasion(EventType::RefundSucceeded, None).topic().unwrap();
        assert_eq!(refund.subject_id, Uuid::from_u128(3));
    }

    #[test]
    fn a_product_runs_out_once_a_day_r157() {
        let low = occasion(EventType::StockBelowThreshold, None);
        let again = Occasion { id: Uuid::from_u128(7), at: low.at + Duration::from_hours(23), ..low };
        let next = Occasion { at: low.at + Duration::from_hours(24), ..low };
        assert_eq!(low.topic(), again.topic());
        assert_ne!(low.topic(), next.topic());
    }

    #[test]
    fn nobody_gets_a_mail_about_what_happened_last_week_r151() {
        let order = occasion(EventType::OrderPlaced, None);
        assert!(!order.is_stale(order.at + STALE_AFTER));
        assert!(order.is_stale(order.at + STALE_AFTER + Duration::from_secs(1)));
    }
}
