use std::collections::BTreeSet;

use domain::customers::CustomerId;
use domain::pricing::{
    Action, BuyGet, Conditions, CouponKey, CouponText, PromotionClass, PromotionId, PromotionName, RatePpm, Targets,
};
use domain::products::ProductId;
use domain::promotions::{
    CodeDetails, Priority, Promotion, PromotionCode, PromotionDetails, PromotionStatus, UsageLimit,
};
use domain::{Price, Shop};
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// Something that is taken off purchases.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Promotion")]
pub(crate) struct PromotionBody {
    id: Id,
    /// Buyers read it.
    name: String,
    /// Only what is `active` applies.
    status: Word<PromotionStatus>,
    /// What it takes something off. Promotions on lines are worked out first, then those on the order, then those on
    /// shipping.
    class: Word<PromotionClass>,
    action: ActionBody,
    conditions: ConditionsBody,
    targets: TargetsBody,
    /// The classes with which it may stand: two promotions do if each names the class of the other.
    combines: Vec<Word<PromotionClass>>,
    /// Whether it applies only to who gives one of its codes.
    code_needed: bool,
    /// Of several in a class, the one with the greater number is taken first.
    priority: i64,
    /// Its first moment.
    starts_at: Timestamp,
    /// The moment at which it is over; null if it never is.
    ends_at: Option<Timestamp>,
    /// How many orders may use it; null without limit.
    usage_limit: Option<i64>,
    /// How many orders of each customer may use it; null without limit.
    per_customer_limit: Option<i64>,
    /// How many orders use it. One that was cancelled does not.
    used: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// What a promotion takes off its targets: one of these, and never more than is left of them.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PromotionAction")]
pub(crate) struct ActionBody {
    /// A part of all of them together, in parts per million: 200000 is 20 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent_ppm: Option<i64>,
    /// An amount of all of them together.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
    /// An amount of each unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_each: Option<Money>,
    /// A part of some units.
    #[serde(skip_serializing_if = "Option::is_none")]
    buy_get: Option<BuyGetBody>,
}

/// Of each full group of `buy` + `get` units, `get` are reduced; of all units, the cheapest.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "BuyGet")]
pub(crate) struct BuyGetBody {
    buy: i64,
    get: i64,
    /// What is taken off them, in parts per million: 1000000 is all of it.
    percent_ppm: i64,
    /// The most groups; null without limit.
    max_times: Option<i64>,
}

/// What must hold so that a promotion applies: all of it.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PromotionConditions")]
pub(crate) struct ConditionsBody {
    /// The targets cost at least this before any discount.
    min_subtotal: Option<Money>,
    /// The targets are at least so many units.
    min_quantity: Option<i64>,
    /// One of these products is bought; of any, if there are none.
    products: Vec<Id>,
    /// It goes to one of these countries; to any, if there are none.
    countries: Vec<String>,
    /// The customer has no other order that is not cancelled. Then `per_customer_limit` is 1.
    first_order: bool,
}

/// The lines that a promotion is for.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PromotionTargets")]
pub(crate) struct TargetsBody {
    /// Those of these products; all, if there are none.
    products: Vec<Id>,
}

/// A code of a promotion.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PromotionCode")]
pub(crate) struct CodeBody {
    /// As it was written. Codes are compared without differences of case, style and width.
    code: String,
    /// How many orders may use it; null without limit.
    usage_limit: Option<i64>,
    /// The only customer who may use it; null if everybody may.
    customer_id: Option<Id>,
    /// How many orders use it. One that was cancelled does not.
    used: i64,
    created_at: Timestamp,
}

/// Codes that were added.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct AddedCodes {
    codes: Vec<CodeBody>,
}

impl PromotionBody {
    pub(super) fn location(promotion: &Promotion) -> String {
        format!("/api/v1/promotions/{}", promotion.id)
    }

    pub(super) fn of(promotion: &Promotion, shop: Shop) -> Self {
        Self {
            id: Id(promotion.id.0),
            name: promotion.name.to_string(),
            status: promotion.status.as_str().into(),
            class: promotion.class.as_str().into(),
            action: ActionBody::of(promotion.action, shop),
            conditions: ConditionsBody::of(&promotion.conditions, shop),
            targets: TargetsBody { products: ids(&promotion.targets.0) },
            combines: promotion.combines.iter().map(|class| class.as_str().into()).collect(),
            code_needed: promotion.code_needed,
            priority: promotion.priority.get(),
            starts_at: Timestamp(promotion.starts_at),
            ends_at: promotion.ends_at.map(Timestamp),
            usage_limit: promotion.usage_limit.map(UsageLimit::get),
            per_customer_limit: promotion.per_customer_limit.map(UsageLimit::get),
            used: promotion.used,
            created_at: Timestamp(promotion.created_at),
            updated_at: Timestamp(promotion.updated_at),
            version: promotion.version.0,
        }
    }
}

impl ActionBody {
    fn of(action: Action, shop: Shop) -> Self {
        let none = Self { percent_ppm: None, amount: None, amount_each: None, buy_get: None };
        match action {
            Action::Percent(off) => Self { percent_ppm: Some(off.get()), ..none },
            Action::Amount(off) => Self { amount: Some(shop.money(off).into()), ..none },
            Action::AmountEach(off) => Self { amount_each: Some(shop.money(off).into()), ..none },
            Action::BuyGet(BuyGet { buy, get, off, max_times }) => {
                Self { buy_get: Some(BuyGetBody { buy, get, percent_ppm: off.get(), max_times }), ..none }
            }
        }
    }
}

impl ConditionsBody {
    fn of(conditions: &Conditions, shop: Shop) -> Self {
        Self {
            min_subtotal: conditions.min_subtotal.map(|price| shop.money(price).into()),
            min_quantity: conditions.min_quantity,
            products: ids(&conditions.products),
            countries: conditions.countries.iter().map(|country| country.as_str().to_owned()).collect(),
            first_order: conditions.first_order,
        }
    }
}

fn ids(products: &BTreeSet<ProductId>) -> Vec<Id> {
    products.iter().map(|id| Id(id.0)).collect()
}

impl From<&PromotionCode> for CodeBody {
    fn from(code: &PromotionCode) -> Self {
        Self {
            code: code.coupon.text.to_string(),
            usage_limit: code.coupon.usage_limit,
            customer_id: code.coupon.customer_id.map(|CustomerId(id)| Id(id)),
            used: code.coupon.used,
            created_at: Timestamp(code.created_at),
        }
    }
}

impl From<&Vec<PromotionCode>> for AddedCodes {
    fn from(codes: &Vec<PromotionCode>) -> Self {
        Self { codes: codes.iter().map(CodeBody::from).collect() }
    }
}

/// A promotion with what may be null.
fn promotion() -> Promotion {
    let details = PromotionDetails {
        name: PromotionName::from_trusted("Summer".to_owned()),
        class: PromotionClass::Line,
        action: Action::Percent(RatePpm::from_trusted(200_000)),
        conditions: Conditions { min_subtotal: Some(Price::from_trusted(5000)), ..Conditions::default() },
        targets: Targets::default(),
        combines: BTreeSet::from([PromotionClass::Shipping]),
        code_needed: true,
        priority: Priority::default(),
        starts_at: None,
        ends_at: None,
        usage_limit: Some(UsageLimit::from_trusted(100)),
        per_customer_limit: None,
    };
    Promotion::draft(PromotionId(example::id()), details, example::NOW)
}

fn code() -> PromotionCode {
    let (text, key) = ("Summer-26", "SUMMER-26");
    let details = CodeDetails {
        text: CouponText::from_trusted(text.to_owned()),
        key: CouponKey::from_trusted(key.to_owned()),
        usage_limit: Some(UsageLimit::from_trusted(20)),
        customer_id: None,
    };
    PromotionCode::new(PromotionId(example::id()), details, example::NOW)
}

impl ResponseBody for PromotionBody {
    fn example() -> Self {
        Self::of(&promotion(), example::shop())
    }
}

impl ResponseBody for CodeBody {
    fn example() -> Self {
        Self::from(&code())
    }
}

impl ResponseBody for AddedCodes {
    fn example() -> Self {
        Self { codes: vec![CodeBody::example()] }
    }
}

impl Body for PromotionBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// Codes have no version: they are added and deleted.
impl Body for AddedCodes {
    fn version(&self) -> Option<i64> {
        None
    }
}
