//! The parts of promotions in requests.

use std::collections::BTreeSet;

use domain::addresses::CountryCode;
use domain::pricing::{Action, BuyGet, PromotionClass};
use domain::products::ProductId;
use domain::promotions::{ConditionsChange, MAX_COUNTRIES, MAX_PRODUCTS, PercentOff, TargetsChange, Units};
use domain::{Code, Invalid, Price};
use serde_json::{Value, json};

use crate::example;
use crate::extract::read::{Boolean, List, Read, id, integer, list_or_none, object, text};
use crate::extract::{Fields, FromFields};

impl FromFields for Action {
    const NAME: &'static str = "NewPromotionAction";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let percent = fields.optional("percent_ppm", &integer(PercentOff::parse));
        let amount = fields.optional("amount", &object::<Price>());
        let each = fields.optional("amount_each", &object::<Price>());
        let group = fields.optional("buy_get", &object::<BuyGet>());
        let actions = [
            percent?.map(|off| Self::Percent(off.rate())),
            amount?.map(Self::Amount),
            each?.map(Self::AmountEach),
            group?.map(Self::BuyGet),
        ];
        let mut given = actions.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(action), None) => Some(action),
            (first, _) => {
                let code = if first.is_none() { Code::Required } else { Code::Excluded };
                let message = "must have one of percent_ppm, amount, amount_each and buy_get";
                fields.refuse_object(Invalid::new(code, message));
                None
            }
        }
    }

    fn example() -> Value {
        json!({ "percent_ppm": 200_000 })
    }
}

impl FromFields for BuyGet {
    const NAME: &'static str = "NewBuyGet";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let buy = fields.required("buy", &integer(Units::parse));
        let get = fields.required("get", &integer(Units::parse));
        let off = fields.required("percent_ppm", &integer(PercentOff::parse));
        let max_times = fields.optional("max_times", &integer(Units::parse));
        Some(Self { buy: buy?.get(), get: get?.get(), off: off?.rate(), max_times: max_times?.map(Units::get) })
    }

    fn example() -> Value {
        json!({ "buy": 2, "get": 1, "percent_ppm": 1_000_000 })
    }
}

impl FromFields for ConditionsChange {
    const NAME: &'static str = "NewPromotionConditions";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let min_subtotal = fields.change_or_clear("min_subtotal", &object::<Price>());
        let min_quantity = fields.change_or_clear("min_quantity", &integer(Units::parse));
        let products = set(fields, "products", &products());
        let countries = set(fields, "countries", &list_or_none(text(CountryCode::parse), MAX_COUNTRIES));
        let first_order = fields.change_or_clear("first_order", &Boolean);
        Some(Self {
            min_subtotal: min_subtotal?,
            min_quantity: min_quantity?.map(|least| least.map(Units::get)),
            products: products?,
            countries: countries?.map(|countries| countries.into_iter().collect()),
            first_order: first_order?.map(Option::unwrap_or_default),
        })
    }

    fn example() -> Value {
        json!({ "min_subtotal": Price::example(), "countries": ["DE", "AT"] })
    }
}

impl FromFields for TargetsChange {
    const NAME: &'static str = "NewPromotionTargets";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        set(fields, "products", &products()).map(|products| Self { products })
    }

    fn example() -> Value {
        json!({ "products": [example::ID] })
    }
}

fn products() -> List<impl Read<Out = ProductId>> {
    list_or_none(id(ProductId), MAX_PRODUCTS)
}

/// Parser of the classes with which a promotion may stand.
pub(super) fn classes() -> List<impl Read<Out = PromotionClass>> {
    list_or_none(text(PromotionClass::parse), PromotionClass::ALL.len())
}

/// A field with different elements, which null empties: `Some(None)` if it is missing, `None` after adding the refusals.
pub(super) fn set<R>(fields: &mut Fields<'_>, name: &str, list: &List<R>) -> Option<Option<BTreeSet<R::Out>>>
where
    R: Read<Out: Ord>,
{
    let Some(elements) = fields.change_or_clear(name, list)? else { return Some(None) };
    let mut all = BTreeSet::new();
    let mut is_repeated = false;
    for (place, element) in elements.into_iter().flatten().enumerate() {
        if !all.insert(element) {
            is_repeated = true;
            fields.refuse(&format!("{name}[{place}]"), Invalid::new(Code::Repeated, "must not be in the list twice"));
        }
    }
    (!is_repeated).then_some(Some(all))
}
