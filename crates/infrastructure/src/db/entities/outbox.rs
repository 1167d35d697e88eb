use std::fmt::Write as _;

use domain::UtcDateTime;
use domain::events::{Event, Fact};
use sea_orm::entity::prelude::*;
use time::format_description::well_known::Rfc3339;

use crate::db::convert::micros;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub topic: String,
    /// The stream.
    pub subject: Uuid,
    pub at: i64,
    pub data: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn new(id: Uuid, event: &Event, at: UtcDateTime) -> Self {
        let topic = event.event_type.as_str().to_owned();
        Self { id, topic, subject: event.stream, at: micros(at), data: Some(json(&event.data)) }
    }
}

/// The facts as a JSON object. Names and words are of letters and underscores, so that nothing needs an escape.
fn json(data: &[(&'static str, Fact)]) -> String {
    let mut text = String::with_capacity(data.len() * 56 + 2);
    for (number, (name, fact)) in data.iter().enumerate() {
        text.push_str(if number == 0 { "{\"" } else { ",\"" });
        text.push_str(name);
        text.push_str("\":");
        // Writing to a text does not fail.
        let _ = match fact {
            Fact::Id(id) => write!(text, "\"{}\"", id.as_hyphenated()),
            Fact::Number(number) => write!(text, "{number}"),
            Fact::Word(word) => write!(text, "\"{word}\""),
            Fact::Money(money) => {
                write!(text, "{{\"amount\":{},\"currency\":\"{}\"}}", money.amount, money.currency.code())
            }
            Fact::Time(time) => match time.format(&Rfc3339) {
                Ok(time) => write!(text, "\"{time}\""),
                // Only years of more than four digits have no such form.
                Err(_) => write!(text, "null"),
            },
            Fact::Nothing => write!(text, "null"),
        };
    }
    text.push_str(if data.is_empty() { "{}" } else { "}" });
    text
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Money};
    use serde_json::{Value, from_str, json as value};

    use super::*;

    #[test]
    fn facts_are_written_as_a_json_object_r165() {
        let currency = Currency::parse("EUR").unwrap();
        let id = Uuid::from_u128(7);
        let facts = [
            ("order_id", Fact::Id(id)),
            ("version", Fact::Number(-3)),
            ("status", Fact::Word("placed")),
            ("total", Fact::Money(Money { amount: 1999, currency })),
            ("finding", Fact::Nothing),
            ("until", Fact::Time(UtcDateTime::UNIX_EPOCH)),
        ];
        let expected = value!({
            "order_id": id.to_string(),
            "version": -3,
            "status": "placed",
            "total": { "amount": 1999, "currency": "EUR" },
            "finding": null,
            "until": "1970-01-01T00:00:00Z",
        });
        assert_eq!(from_str::<Value>(&json(&facts)).unwrap(), expected);
        assert_eq!(json(&[]), "{}");
    }
}
