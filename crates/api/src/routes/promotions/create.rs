use std::sync::Arc;

use application::promotions::CreatePromotion;
use domain::pricing::{Action, Conditions, PromotionClass, PromotionName, Targets};
use domain::promotions::{ConditionsChange, Priority, Promotion, PromotionDetails, TargetsChange, UsageLimit};
use serde_json::{Value, json};

use super::TAG;
use super::body::PromotionBody;
use super::fields::{classes, set};
use crate::context::State;
use crate::extract::read::{Boolean, integer, moment, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Created, Idempotent};

impl FromFields for PromotionDetails {
    const NAME: &'static str = "NewPromotion";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(PromotionName::parse));
        let class = fields.required("class", &text(PromotionClass::parse));
        let action = fields.required("action", &object::<Action>());
        let conditions = fields.optional("conditions", &object::<ConditionsChange>());
        let targets = fields.optional("targets", &object::<TargetsChange>());
        let combines = set(fields, "combines", &classes());
        let code_needed = fields.optional("code_needed", &Boolean);
        let priority = fields.optional("priority", &integer(Priority::parse));
        let starts_at = fields.optional("starts_at", &moment());
        let ends_at = fields.optional("ends_at", &moment());
        let usage_limit = fields.optional("usage_limit", &integer(UsageLimit::parse));
        let per_customer_limit = fields.optional("per_customer_limit", &integer(UsageLimit::parse));
        Some(Self {
            name: name?,
            class: class?,
            action: action?,
            conditions: conditions?.unwrap_or_default().of(&Conditions::default()),
            targets: targets?.unwrap_or_default().of(&Targets::default()),
            combines: combines?.unwrap_or_default(),
            code_needed: code_needed?.unwrap_or_default(),
            priority: priority?.unwrap_or_default(),
            starts_at: starts_at?,
            ends_at: ends_at?,
            usage_limit: usage_limit?,
            per_customer_limit: per_customer_limit?,
        })
    }

    fn example() -> Value {
        json!({
            "name": "Summer",
            "class": "line",
            "action": Action::example(),
            "conditions": ConditionsChange::example(),
            "combines": ["shipping"],
            "code_needed": true,
            "usage_limit": 100,
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createPromotion",
    "Make a promotion: a draft, which applies to nothing until it is activated",
    "`action` has one of its fields. It comes off the lines of the products in `targets`, or off all if there are none; \
     of a promotion of the class `shipping`, off the cost of shipping. It applies if all `conditions` hold. Without \
     `starts_at` it starts now. A promotion that is for first orders has a `per_customer_limit` of 1.",
);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<PromotionDetails>,
) -> Result<Idempotent<Created<PromotionBody>>, Problem> {
    let shop = state.shop;
    let present = move |made: &Promotion| Created::at(PromotionBody::location(made), &PromotionBody::of(made, shop));
    Ok(staff.runner(&state).run_once(request.claim, CreatePromotion(request.body), present).await?.try_into()?)
}
