//! What a price is worked out from.

use super::code::Coupon;
use super::place::Place;
use super::promotion::Promotion;
use super::rate::Treatment;
use super::shipping::{MethodCode, ShippingMethod};
use super::taxes::Taxes;
use crate::customers::{CustomerId, Exemption};
use crate::products::{Offer, ProductId, TaxAndShipping};
use crate::tax_classes::TaxClassCode;
use crate::{Date, Grams, Price, Quantity, UtcDateTime};

/// A line: units of a product at its list price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// By which promotions name what they are for.
    pub product_id: ProductId,
    /// The list price of a unit, in the form that the shop shows: with or without tax.
    pub unit_price: Price,
    /// The units.
    pub quantity: Quantity,
    /// Which of the rates that hold at the destination its price bears.
    pub tax_class: TaxClassCode,
    /// The weight of one unit.
    pub weight: Grams,
    /// Whether it is shipped.
    pub is_shippable: bool,
}

impl Goods {
    /// Units of a product that is offered.
    pub fn of(quantity: Quantity, offer: &Offer) -> Self {
        let TaxAndShipping { tax_class, weight, is_shippable } = offer.tax_and_shipping.clone();
        Self { product_id: offer.product_id, unit_price: offer.price, quantity, tax_class, weight, is_shippable }
    }
}

impl Exemption {
    /// The treatment of everything that such a buyer buys.
    pub const fn treatment(self) -> Treatment {
        match self {
            Self::ReverseCharge => Treatment::ReverseCharge,
            Self::Exempt => Treatment::Exempt,
            Self::Export => Treatment::Export,
        }
    }
}

/// Who buys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Buyer {
    /// The customer, if it has an account.
    pub customer_id: Option<CustomerId>,
    /// Whether it has no other order that is not cancelled.
    pub is_first_order: bool,
    /// Why it owes no tax, if it owes none.
    pub exemption: Option<Exemption>,
}

/// A promotion that the buyer may get: one that needs no code, or one whose code was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// What the buyer may get.
    pub promotion: &'a Promotion,
    /// The code that was given.
    pub coupon: Option<&'a Coupon>,
    /// How often this buyer used the promotion.
    pub uses: i64,
}

crate::number::number! {
    /// The smallest step of a total, in minor units: 1 to 1 000 000. 5 where cash has no smaller coin than 0.05.
    TotalStep, 1, 1_000_000
}

/// 1: every minor unit can be paid.
impl Default for TotalStep {
    fn default() -> Self {
        Self(1)
    }
}

/// How the shop forms its prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRules {
    /// Whether list prices, shipping costs and discounts include tax.
    pub prices_include_tax: bool,
    /// The smallest step of a total.
    pub total_step: TotalStep,
    /// Where the shop is.
    pub home: Place,
    /// The zones with their tax rates, and how shipping is taxed.
    pub taxes: Taxes,
    /// The active shipping methods of all zones. Empty: shipping costs nothing.
    pub methods: Vec<ShippingMethod>,
}

/// A purchase to be priced.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The lines, in order of line number.
    pub goods: &'a [Goods],
    /// Where the goods are shipped to; without an address, where the shop is.
    pub place: &'a Place,
    /// The moment by which promotions are active or not.
    pub now: UtcDateTime,
    /// Which day it is where the shop is.
    pub today: Date,
    /// Who buys.
    pub buyer: Buyer,
    /// The promotions that may apply.
    pub candidates: &'a [Candidate<'a>],
    /// The shipping method that the buyer chose. `None`: the cheapest.
    pub method: Option<&'a MethodCode>,
    /// The shop's rules.
    pub rules: &'a PriceRules,
}

impl<'a> Input<'a> {
    /// The place whose taxes are worked out: where the goods go, and for an exempt buyer where the shop is, since it is
    /// that tax which the buyer is spared.
    pub(super) const fn tax_place(&self) -> &'a Place {
        if self.buyer.exemption.is_some() { &self.rules.home } else { self.place }
    }
}
