use super::{Event, EventType, Fact};
use crate::pricing::PromotionId;

impl Event {
    /// A promotion is used as often as its limit allows, so that no other order gets it.
    pub fn promotion_exhausted(id: PromotionId, usage_limit: i64) -> Self {
        let data = vec![("promotion_id", Fact::Id(id.0)), ("usage_limit", Fact::Number(usage_limit))];
        Self { event_type: EventType::PromotionExhausted, stream: id.0, data }
    }
}
