use std::sync::Arc;

use application::promotions::UpdatePromotion;
use domain::pricing::{Action, PromotionClass, PromotionId, PromotionName};
use domain::promotions::{ConditionsChange, Priority, PromotionChange, TargetsChange, UsageLimit};
use serde_json::{Value, json};

use super::TAG;
use super::body::PromotionBody;
use super::fields::{classes, set};
use crate::context::State;
use crate::extract::read::{Boolean, integer, moment, object, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

impl FromFields for PromotionChange {
    const NAME: &'static str = "PromotionChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(PromotionName::parse));
        let class = fields.change("class", &text(PromotionClass::parse));
        let action = fields.change("action", &object::<Action>());
        let conditions = fields.change("conditions", &object::<ConditionsChange>());
        let targets = fields.change("targets", &object::<TargetsChange>());
        let combines = set(fields, "combines", &classes());
        let code_needed = fields.change("code_needed", &Boolean);
        let priority = fields.change("priority", &integer(Priority::parse));
        let starts_at = fields.change("starts_at", &moment());
        let ends_at = fields.change_or_clear("ends_at", &moment());
        let usage_limit = fields.change_or_clear("usage_limit", &integer(UsageLimit::parse));
        let per_customer_limit = fields.change_or_clear("per_customer_limit", &integer(UsageLimit::parse));
        Some(Self {
            name: name?,
            class: class?,
            action: action?,
            conditions: conditions?.unwrap_or_default(),
            targets: targets?.unwrap_or_default(),
            combines: combines?,
            code_needed: code_needed?,
            priority: priority?,
            starts_at: starts_at?,
            ends_at: ends_at?,
            usage_limit: usage_limit?,
            per_customer_limit: per_customer_limit?,
        })
    }

    fn example() -> Value {
        json!({ "name": "Late summer", "conditions": { "min_quantity": 3 }, "usage_limit": 200 })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updatePromotion",
    "Change a promotion",
    "Fields that are not named stay, also those of `conditions`; `action` is replaced, and so are lists. Null takes \
     away what may be null, and empties a list. All of a draft may change. Of what was activated, `name`, `ends_at` and \
     `priority` may, and a limit to another one that is not below what was used: no limit comes or goes any more. Of what \
     is archived, nothing.",
)
.problems(&[Kind::PROMOTION_FIXED, Kind::LIMIT_BELOW_USES]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<PromotionId>,
    expected: IfMatch,
    change: Body<PromotionChange>,
) -> Result<Resource<PromotionBody>, Problem> {
    let update = UpdatePromotion { id: id.0, change: change.0, expected: expected.0 };
    let promotion = staff.runner(&state).run(update).await?;
    Ok(Resource(PromotionBody::of(&promotion, state.shop)))
}
