//! Tiers in requests.

use domain::Price;
use domain::Rule;
use domain::pricing::{Tier, Tiers};
use serde_json::{Value, json};

use crate::extract::read::{List, Object, list, object, unchecked_integer};
use crate::extract::{Fields, FromFields};

impl FromFields for Tier {
    const NAME: &'static str = "NewTier";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let from = fields.required("from", &unchecked_integer(Rule::integer(0, Tiers::MAX_VALUE)));
        let amount = fields.optional("amount", &object::<Price>());
        let per = fields.optional("per", &unchecked_integer(Rule::integer(1, Tiers::MAX_VALUE)));
        let per_amount = fields.optional("per_amount", &object::<Price>());
        let tier = Self::new(from?, amount?, per?, per_amount?);
        tier.map_err(|(field, invalid)| fields.refuse(field, invalid)).ok()
    }

    fn example() -> Value {
        json!({ "from": 0, "amount": Price::example(), "per": 1000, "per_amount": Price::example() })
    }
}

/// Parser of the tiers of a shipping method, whose order is checked by [`tiers`].
pub(super) fn in_order() -> List<Object<Tier>> {
    list(object::<Tier>(), Tiers::MAX)
}

/// The tiers of a shipping method; `None` after adding the refusals.
pub(super) fn tiers(given: Vec<Tier>, fields: &mut Fields<'_>) -> Option<Tiers> {
    let refuse = |bad: Vec<(String, _)>| {
        for (path, invalid) in bad {
            fields.refuse(&format!("tiers{path}"), invalid);
        }
    };
    Tiers::parse(given).map_err(refuse).ok()
}
