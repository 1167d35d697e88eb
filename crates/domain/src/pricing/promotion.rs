//! Promotions: who gets them, on which goods, and what they take off.

use std::collections::BTreeSet;

use super::input::Goods;
use super::rate::RatePpm;
use crate::addresses::CountryCode;
use crate::products::ProductId;
use crate::{Code, Invalid, Price, UtcDateTime};

crate::id::id! {
    /// The id of a promotion.
    PromotionId
}

crate::text::text! {
    /// The name of a promotion, which buyers read: 1 to 200 characters.
    PromotionName, 1, 200, One
}

crate::word::words! {
    /// What a promotion takes something off. Classes are worked out in this order.
    PromotionClass {
        /// Lines, at their list prices.
        Line = "line",
        /// Lines, by what the promotions on lines left of them.
        Order = "order",
        /// The cost of shipping.
        Shipping = "shipping",
    }
}

/// Buy some units, get more of the same goods cheaper: of each full group of `buy + get` units, `get` are reduced, and of
/// all units the cheapest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuyGet {
    /// The units of a group at their price, at least 1.
    pub buy: i64,
    /// The units of a group that are reduced, at least 1.
    pub get: i64,
    /// How much is taken off them.
    pub off: RatePpm,
    /// The most groups that are reduced; `None` for any number.
    pub max_times: Option<i64>,
}

/// What a promotion takes off its targets, never more than is left of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A part of all of them together.
    Percent(RatePpm),
    /// An amount of all of them together.
    Amount(Price),
    /// An amount of each unit.
    AmountEach(Price),
    /// A part of some units.
    BuyGet(BuyGet),
}

impl Action {
    /// Checks that the action takes something off, and fits the class: of the cost of shipping only a part or an amount
    /// can be taken.
    ///
    /// # Errors
    /// Why `action` is refused.
    pub fn check(self, class: PromotionClass) -> Result<(), Invalid> {
        match (class, self) {
            (_, Self::Amount(amount) | Self::AmountEach(amount)) if amount.amount() == 0 => {
                Err(Invalid::new(Code::TooSmall, "must take more than 0 off"))
            }
            (PromotionClass::Shipping, Self::AmountEach(_) | Self::BuyGet(_)) => {
                Err(Invalid::new(Code::NotAllowed, "must be percent or amount, as class is shipping"))
            }
            _ => Ok(()),
        }
    }
}

/// The lines that a promotion is for: those of these products, or all if there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targets(pub BTreeSet<ProductId>);

impl Targets {
    /// Whether the promotion is for lines of this product.
    pub fn includes(&self, product: ProductId) -> bool {
        self.0.is_empty() || self.0.contains(&product)
    }
}

/// What must hold so that a promotion applies: all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The targets cost at least this before any discount.
    pub min_subtotal: Option<Price>,
    /// The targets are at least so many units.
    pub min_quantity: Option<i64>,
    /// One of these products is bought. Empty: any.
    pub products: BTreeSet<ProductId>,
    /// It goes to one of these countries. Empty: any.
    pub countries: Vec<CountryCode>,
    /// The buyer has no other order that is not cancelled.
    pub first_order: bool,
}

/// A condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The targets cost too little.
    MinSubtotal,
    /// The targets are too few units.
    MinQuantity,
    /// None of the products is bought.
    Products,
    /// It goes to another country.
    Countries,
    /// The buyer has ordered before.
    FirstOrder,
    /// There is nothing to take off: no target, too few units of a group, or all is free already.
    Targets,
}

impl Condition {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MinSubtotal => "min_subtotal",
            Self::MinQuantity => "min_quantity",
            Self::Products => "products",
            Self::Countries => "countries",
            Self::FirstOrder => "first_order",
            Self::Targets => "targets",
        }
    }
}

/// A promotion that is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: PromotionId,
    /// The name that buyers read: 1 to 200 characters.
    pub name: PromotionName,
    /// What it discounts: lines, the order or shipping.
    pub class: PromotionClass,
    /// How much is taken off.
    pub action: Action,
    /// What a purchase must have for it to apply.
    pub conditions: Conditions,
    /// The lines that it is for.
    pub targets: Targets,
    /// The classes with which it may stand.
    pub combines: BTreeSet<PromotionClass>,
    /// The greater is taken first.
    pub priority: i64,
    /// From this moment on it applies.
    pub starts_at: UtcDateTime,
    /// The moment at which it is over.
    pub ends_at: Option<UtcDateTime>,
    /// How often it may be used.
    pub usage_limit: Option<i64>,
    /// How often each buyer may use it.
    pub per_customer_limit: Option<i64>,
    /// How often it was used.
    pub used: i64,
}

impl Promotion {
    /// Whether both may apply to one purchase: each names the class of the other.
    pub fn combines_with(&self, other: &Self) -> bool {
        self.id != other.id && self.combines.contains(&other.class) && other.combines.contains(&self.class)
    }

    /// Whether no use is left.
    pub fn is_exhausted(&self) -> bool {
        self.usage_limit.is_some_and(|limit| self.used >= limit)
    }

    /// How often each buyer may use it. A first order is one use.
    pub fn limit_of_buyer(&self) -> Option<i64> {
        if self.conditions.first_order { Some(1) } else { self.per_customer_limit }
    }

    /// The first condition that does not hold for a purchase of `goods` that goes to `country`.
    pub fn broken_condition(&self, goods: &[Goods], country: &CountryCode, is_first_order: bool) -> Option<Condition> {
        let Conditions { min_subtotal, min_quantity, products, countries, first_order } = &self.conditions;
        let targets = || goods.iter().filter(|goods| self.targets.includes(goods.product_id));
        let subtotal =
            || targets().map(|goods| i128::from(goods.unit_price.amount()) * i128::from(goods.quantity.get()));
        let units = || targets().map(|goods| i128::from(goods.quantity.get()));
        let conditions = [
            (Condition::MinSubtotal, min_subtotal.is_none_or(|min| subtotal().sum::<i128>() >= min.amount().into())),
            (Condition::MinQuantity, min_quantity.is_none_or(|min| units().sum::<i128>() >= min.into())),
            (Condition::Products, products.is_empty() || goods.iter().any(|one| products.contains(&one.product_id))),
            (Condition::Countries, countries.is_empty() || countries.contains(country)),
            (Condition::FirstOrder, !first_order || is_first_order),
        ];
        conditions.into_iter().find(|(_, holds)| !holds).map(|(condition, _)| condition)
    }
}
