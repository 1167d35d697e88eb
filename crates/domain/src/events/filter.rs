use std::fmt;

use super::EventType;
use crate::{Code, Invalid, Rule, Ruled, Uuid};

/// Which events a reader wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those of these types; `None` for all.
    pub types: Option<TypePatterns>,
    /// Only those of this order, product or customer.
    pub stream: Option<Uuid>,
}

impl EventFilter {
    /// Whether a reader wants this event.
    pub fn wants(&self, event_type: EventType, stream: Uuid) -> bool {
        self.types.as_ref().is_none_or(|types| types.as_slice().contains(&event_type))
            && self.stream.is_none_or(|wanted| wanted == stream)
    }
}

/// Types of events, each named or meant by a pattern such as `order.*`. At least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypePatterns {
    text: String,
    types: Vec<EventType>,
}

impl TypePatterns {
    /// The longest list, in characters.
    pub const MAX: usize = 1000;

    /// Parses types and patterns, separated by commas: `order.*,refund.succeeded`. `*` means all.
    ///
    /// # Errors
    /// If one of them means no type.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if raw.chars().count() > Self::MAX {
            return Err(Invalid::new(Code::TooLong, format!("must have at most {} characters", Self::MAX)));
        }
        let mut types = Vec::new();
        for pattern in raw.split(',') {
            let meant = meant_by(pattern);
            if meant.is_empty() {
                return Err(Invalid::new(Code::NotAllowed, unknown(pattern)));
            }
            types.extend(meant);
        }
        Ok(Self::new(raw.to_owned(), types))
    }

    /// Stored patterns, which were parsed before they were stored. One that means no type now, because another version of
    /// the program stored it, means none.
    pub fn from_trusted(stored: String) -> Self {
        let types = stored.split(',').flat_map(meant_by).collect();
        Self::new(stored, types)
    }

    fn new(text: String, mut types: Vec<EventType>) -> Self {
        types.sort_unstable();
        types.dedup();
        Self { text, types }
    }

    /// Each type that one of the patterns means, once.
    pub fn as_slice(&self) -> &[EventType] {
        &self.types
    }

    /// The patterns as they were given.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for TypePatterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Ruled for TypePatterns {
    fn rule() -> Rule {
        let pattern = r"^(\*|[a-z]+\.(\*|[a-z_]+))(,(\*|[a-z]+\.(\*|[a-z_]+)))*$";
        Rule::Pattern { pattern, min: 1, max: Self::MAX }
    }
}

fn meant_by(pattern: &str) -> Vec<EventType> {
    EventType::ALL.iter().copied().filter(|one| is_meant(pattern, *one)).collect()
}

fn is_meant(pattern: &str, event_type: EventType) -> bool {
    pattern == "*"
        || pattern == event_type.as_str()
        || pattern.strip_suffix(".*").is_some_and(|noun| noun == event_type.noun())
}

fn unknown(pattern: &str) -> String {
    let shown: String = pattern.chars().take(64).collect();
    let mut nouns: Vec<_> = EventType::ALL.iter().map(|one| format!("{}.*", one.noun())).collect();
    nouns.dedup();
    let types: Vec<_> = EventType::ALL.iter().map(|one| one.as_str()).collect();
    format!("has `{shown}`, which is no type of event; allowed are: *, {}, {}", nouns.join(", "), types.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(raw: &str) -> Vec<EventType> {
        TypePatterns::parse(raw).unwrap().as_slice().to_vec()
    }

    #[test]
    fn a_pattern_means_all_types_of_a_noun_and_each_type_counts_once_r167() {
        assert_eq!(parse("order.paid"), [EventType::OrderPaid]);
        assert_eq!(parse("dispute.*,dispute.opened"), [EventType::DisputeOpened, EventType::DisputeClosed]);
        assert_eq!(parse("*"), EventType::ALL);
        assert!(parse("order.*").iter().all(|one| one.as_str().starts_with("order.")));
        assert_eq!(parse("refund.*,order.*").len(), 11);
    }

    #[test]
    fn an_unknown_event_type_is_refused_with_all_that_are_allowed_r167() {
        for raw in ["", "order", "order.", "orders.*", "order.*,", "ORDER.*", ".*", "order.pa*", " order.*"] {
            let refused = TypePatterns::parse(raw).unwrap_err();
            assert_eq!(refused.code, Code::NotAllowed, "{raw}");
            assert!(refused.message.contains("refund.*") && refused.message.contains("order.placed"), "{refused}");
        }
        let long = vec!["order.*"; 200].join(",");
        assert_eq!(TypePatterns::parse(&long).unwrap_err().code, Code::TooLong);
    }

    #[test]
    fn stored_patterns_keep_their_text_and_skip_what_no_version_knows_r168() {
        let stored = TypePatterns::from_trusted("parcel.*,order.paid".to_owned());
        assert_eq!((stored.as_str(), stored.as_slice()), ("parcel.*,order.paid", &[EventType::OrderPaid][..]));
        assert_eq!(TypePatterns::parse("order.paid,order.*").unwrap().to_string(), "order.paid,order.*");
    }

    #[test]
    fn a_filter_wants_what_fits_type_and_stream_r167() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let filter = EventFilter { types: Some(TypePatterns::parse("order.*").unwrap()), stream: Some(one) };
        assert!(filter.wants(EventType::OrderPaid, one));
        assert!(!filter.wants(EventType::OrderPaid, other) && !filter.wants(EventType::RefundCreated, one));
        assert!(EventFilter::default().wants(EventType::CustomerErased, other));
    }
}
