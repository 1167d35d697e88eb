//! Stripe's events. Of what they say only the place counts: the payment is asked for.

use domain::payments::{EventId, Notice, NoticeKind, Reference};

use super::objects::Event;

/// The events that tell of a change: Stripe takes 20 kinds at most.
pub(super) const KINDS: [&str; 18] = [
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "charge.captured",
    "charge.expired",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
];

/// The notice in an event; `None` if its id or its kind is none that is kept.
pub(super) fn of(event: &Event) -> Option<Notice> {
    let object = &event.data.object;
    let is_intent = object.object.as_deref() == Some("payment_intent");
    let payment = if is_intent { object.id.as_deref() } else { object.payment_intent.as_deref() };
    Some(Notice {
        event_id: EventId::parse(&event.id).ok()?,
        kind: NoticeKind::parse(&event.kind).ok()?,
        reference: payment.and_then(|id| Reference::parse(id).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<(String, Option<String>)> {
        let notice = of(&serde_json::from_str(json).unwrap())?;
        Some((notice.kind.as_str().to_owned(), notice.reference.map(|one| one.as_str().to_owned())))
    }

    #[test]
    fn an_event_names_the_payment_that_it_is_about_r88() {
        for (object, reference) in [
            (r#"{"id":"pi_1","object":"payment_intent"}"#, Some("pi_1")),
            (r#"{"id":"re_1","object":"refund","payment_intent":"pi_1"}"#, Some("pi_1")),
            (r#"{"id":"ch_1","object":"charge","payment_intent":null}"#, None),
            (r#"{"object":"balance"}"#, None),
        ] {
            let json = format!(r#"{{"id":"evt_1","type":"any.kind","created":1,"data":{{"object":{object}}}}}"#);
            let (kind, found) = read(&json).unwrap();
            assert_eq!((kind.as_str(), found.as_deref()), ("any.kind", reference), "{object}");
        }
    }

    #[test]
    fn an_event_without_a_usable_id_is_no_notice_r88() {
        assert_eq!(read(r#"{"id":"","type":"x","created":1,"data":{"object":{}}}"#), None);
        assert_eq!(read(r#"{"id":"evt_1","type":"","created":1,"data":{"object":{}}}"#), None);
    }
}
