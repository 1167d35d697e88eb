//! How the goods are shipped: the methods that are offered, and the one that is selected.

use super::allocate::sum;
use super::discounts::Discounts;
use super::effect::Target;
use super::input::Input;
use super::promotion::PromotionClass;
use super::shipping::{MethodCode, MethodName, Parcel, ShippingMethod};
use crate::Overflow;

/// Whether a purchase can be shipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ShippingChoice {
    /// Nothing is shipped, or the shop has no shipping method.
    #[default]
    NotNeeded,
    /// By the option that is selected.
    Selected,
    /// No method is offered for the place and the goods, or not the chosen one. It must not be ordered so.
    Unavailable,
}

/// A shipping method that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingOption {
    /// The code by which a buyer chooses it.
    pub code: MethodCode,
    /// The name that buyers read: 1 to 100 characters.
    pub name: MethodName,
    /// What it costs before discounts, in minor units.
    pub amount: i64,
    /// What promotions take off, in minor units; not negative.
    pub discount: i64,
    /// The fewest days that it takes.
    pub min_days: Option<i64>,
    /// The most days that it takes.
    pub max_days: Option<i64>,
    /// Whether the purchase is priced with it.
    pub is_selected: bool,
}

/// A method that is offered, with the promotions that would then apply.
#[derive(Debug, Clone)]
pub(super) struct Offered<'a> {
    pub(super) method: &'a ShippingMethod,
    pub(super) cost: i64,
    /// What promotions leave of the cost.
    pub(super) left: i64,
    pub(super) discounts: Discounts<'a>,
}

/// How a purchase is shipped: whether it can be, by which method, and what else is offered.
#[derive(Debug, Clone)]
pub(super) struct Shipping<'a> {
    pub(super) choice: ShippingChoice,
    pub(super) selected: Option<Offered<'a>>,
    pub(super) options: Vec<ShippingOption>,
}

impl<'a> Shipping<'a> {
    /// Ships the goods of a purchase, of which promotions left `lines`.
    pub(super) fn of(input: &Input<'a>, lines: &[Target], discounts: &Discounts<'a>) -> Result<Self, Overflow> {
        let methods = &input.rules.methods;
        if methods.is_empty() || !input.goods.iter().any(|goods| goods.is_shippable) {
            return Ok(Self { choice: ShippingChoice::NotNeeded, selected: None, options: Vec::new() });
        }
        let parcel = Parcel::of(input, lines)?;
        let mut offered = Vec::new();
        for method in ShippingMethod::at(methods, input.place) {
            offered.extend(method.cost(parcel)?.map(|cost| Offered::new(method, cost, discounts)));
        }
        let selected = match input.method {
            Some(code) => offered.iter().find(|one| one.method.code == *code),
            // The methods are in order of their position: of equal ones the first is the minimum.
            None => offered.iter().min_by_key(|one| one.left),
        };
        let is_selected = |one: &Offered<'_>| selected.is_some_and(|selected| selected.method.code == one.method.code);
        let options = offered.iter().map(|one| one.option(is_selected(one))).collect();
        let choice = if selected.is_some() { ShippingChoice::Selected } else { ShippingChoice::Unavailable };
        Ok(Self { choice, selected: selected.cloned(), options })
    }
}

impl<'a> Offered<'a> {
    fn new(method: &'a ShippingMethod, cost: i64, discounts: &Discounts<'a>) -> Self {
        let mut discounts = discounts.clone();
        let mut shipping = [Target { product_id: None, unit_price: cost, quantity: 1, left: cost }];
        discounts.take(PromotionClass::Shipping, &mut shipping);
        let [Target { left, .. }] = shipping;
        Self { method, cost, left, discounts }
    }

    fn option(&self, is_selected: bool) -> ShippingOption {
        let ShippingMethod { code, name, min_days, max_days, .. } = self.method;
        ShippingOption {
            code: code.clone(),
            name: name.clone(),
            amount: self.cost,
            discount: self.cost - self.left,
            min_days: *min_days,
            max_days: *max_days,
            is_selected,
        }
    }
}

impl Parcel {
    fn of(input: &Input<'_>, lines: &[Target]) -> Result<Self, Overflow> {
        let shipped = || input.goods.iter().filter(|goods| goods.is_shippable);
        let weights = shipped().map(|goods| goods.weight.get().checked_mul(goods.quantity.get()).ok_or(Overflow));
        Ok(Self {
            weight: sum(weights.collect::<Result<Vec<_>, _>>()?)?,
            units: sum(shipped().map(|goods| goods.quantity.get()))?,
            goods: sum(lines.iter().map(|line| line.left))?,
        })
    }
}
