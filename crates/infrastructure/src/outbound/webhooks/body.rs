use domain::UtcDateTime;
use domain::events::PublishedEvent;
use serde::Serialize;
use serde_json::value::RawValue;
use time::format_description::well_known::Rfc3339;

/// An event as `GET /events` shows it.
#[derive(Serialize)]
struct Body<'a> {
    id: String,
    r#type: &'a str,
    at: String,
    position: i64,
    stream: String,
    data: Box<RawValue>,
}

/// What is sent of an event.
///
/// # Errors
/// If its data are no JSON.
pub(super) fn body(event: &PublishedEvent) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Body {
        id: event.id.as_hyphenated().to_string(),
        r#type: &event.event_type,
        at: text(event.at),
        position: event.position,
        stream: event.stream.as_hyphenated().to_string(),
        data: RawValue::from_string(event.data.clone())?,
    })
}

/// A time as all responses of the API write it: RFC 3339, UTC.
fn text(at: UtcDateTime) -> String {
    // Years have four digits.
    at.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::Uuid;
    use time::macros::utc_datetime;

    use super::*;

    #[test]
    fn a_webhook_is_the_event_as_the_feed_has_it_r165_r169() {
        let event = PublishedEvent {
            position: 7,
            id: Uuid::from_u128(1),
            event_type: "order.placed".to_owned(),
            stream: Uuid::from_u128(2),
            data: r#"{"version":1}"#.to_owned(),
            at: utc_datetime!(2026-01-31 12:00:00.000_5),
        };
        let expected = concat!(
            r#"{"id":"00000000-0000-0000-0000-000000000001","type":"order.placed","at":"2026-01-31T12:00:00.0005Z","#,
            r#""position":7,"stream":"00000000-0000-0000-0000-000000000002","data":{"version":1}}"#
        );
        assert_eq!(body(&event).unwrap(), expected);
    }
}
