//! A purchase with its prices.

use super::adjustments::Adjustment;
use super::discounts::PromotionOutcome;
use super::rate::{RatePpm, TaxCode, TaxName, Treatment};
use super::shipping_choice::{ShippingChoice, ShippingOption};
use crate::{Code, Invalid, Rule, Ruled};

/// What an amount belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Share {
    /// The line with this number. The first is 1.
    Line(usize),
    /// What shipping costs.
    Shipping,
    /// The whole purchase.
    Order,
}

impl Ruled for Share {
    fn rule() -> Rule {
        Rule::one_of(&[Self::Line(1), Self::Shipping, Self::Order], Self::as_str)
    }
}

impl Share {
    /// The name in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Line(_) => "line",
            Self::Shipping => "shipping",
            Self::Order => "order",
        }
    }

    /// Parses what an amount belongs to, with the number of the line if it is one.
    ///
    /// # Errors
    /// If there is no such share, or a line without its number.
    pub fn parse(raw: &str, line_no: Option<usize>) -> Result<Self, Invalid> {
        match (raw, line_no) {
            ("line", Some(number)) => Ok(Self::Line(number)),
            ("shipping", None) => Ok(Self::Shipping),
            ("order", None) => Ok(Self::Order),
            _ => Err(Invalid::new(Code::NotAllowed, "must be line with its number, shipping or order")),
        }
    }

    /// The number of the line, if it is one.
    pub const fn line_no(self) -> Option<usize> {
        match self {
            Self::Line(number) => Some(number),
            Self::Shipping | Self::Order => None,
        }
    }
}

/// The amounts of a line, or of a share of shipping. None is negative, and `gross` is `net` and `tax`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedItem {
    /// Before discounts: for a line its price times its units. It includes tax if the shop's prices do. Of a share of
    /// shipping it is what discounts left.
    pub amount: i64,
    /// What promotions take off.
    pub discount: i64,
    /// The tax that an exempt buyer is spared, where prices include it.
    pub exempted: i64,
    /// The tax, in minor units.
    pub tax: i64,
    /// Without tax.
    pub net: i64,
    /// The gross amount after discounts, in minor units.
    pub gross: i64,
    /// Why it bears this tax.
    pub treatment: Treatment,
}

/// A tax of a purchase, by its rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxTotal {
    /// The code of the rate.
    pub code: TaxCode,
    /// The name of the rate.
    pub name: TaxName,
    /// The rate; 0 for an exempt buyer.
    pub rate: RatePpm,
    /// Why it is as it is.
    pub treatment: Treatment,
    /// The net amount of all that bears it.
    pub net: i64,
    /// The tax, in minor units.
    pub tax: i64,
}

/// The totals of a purchase: `total` is `subtotal - discount - exempted + shipping + rounding`, and `tax` if prices are
/// without it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All lines, before discounts.
    pub subtotal: i64,
    /// What promotions take off lines and shipping.
    pub discount: i64,
    /// The tax that an exempt buyer is spared, where prices include it.
    pub exempted: i64,
    /// The cost of shipping, before discounts.
    pub shipping: i64,
    /// All taxes, in minor units.
    pub tax: i64,
    /// What the step of the total adds, or takes off.
    pub rounding: i64,
    /// What is to be paid.
    pub total: i64,
}

/// A purchase with its prices, in minor units of the shop's currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Priced {
    /// The lines, as they were given.
    pub lines: Vec<PricedItem>,
    /// The shares of shipping, one for each set of rates that bears a part of it.
    pub shipping: Vec<PricedItem>,
    /// All that was added and taken off, in the order in which it was worked out.
    pub adjustments: Vec<Adjustment>,
    /// The taxes, by rate.
    pub taxes: Vec<TaxTotal>,
    /// What lines, discounts, shipping and taxes come to.
    pub totals: Totals,
    /// Whether it has to be shipped, and can be.
    pub shipping_choice: ShippingChoice,
    /// The shipping methods that are offered, by position.
    pub options: Vec<ShippingOption>,
    /// What became of each candidate.
    pub outcomes: Vec<PromotionOutcome>,
}
