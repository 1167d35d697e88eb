//! Prices: what a purchase costs, with discounts, shipping and taxes.
//!
//! [`price()`] is the one calculation for carts, quotes and orders, and [`GivenBack`] what a part of a line carries when it is
//! given back. Both are pure functions on whole minor units of the shop's one currency. An amount is an `i64`, worked out
//! in an `i128`; what does not fit is an [`Overflow`](crate::Overflow). Nothing that was rounded is rounded again.
//!
//! The steps of a price are files: `discounts.rs` takes promotions off the lines, as `effect.rs` works them out,
//! `shipping_choice.rs` offers the shipping methods, `shares.rs` shares shipping among the rates of the goods, `tax.rs` works out
//! the taxes, and `adjustments.rs` lists all that was added and taken off.

mod adjustments;
mod allocate;
mod book;
mod calendar;
mod code;
mod discounts;
mod effect;
mod input;
mod item;
mod parts;
mod place;
mod ports;
mod price;
mod priced;
mod promotion;
mod rate;
mod settings;
mod shares;
mod shipping;
mod shipping_choice;
mod summary;
mod tax;
mod taxes;
mod zone;

#[cfg(test)]
mod tests;

pub use adjustments::{Adjustment, AdjustmentKind};
pub(crate) use allocate::round;
pub use allocate::{PPM, split};
pub use book::{PriceBook, PricingData};
pub use calendar::{Calendar, Utc};
pub use code::{Coupon, CouponKey, CouponText};
pub use discounts::{PromotionOutcome, Refusal};
pub use input::{Buyer, Candidate, Goods, Input, PriceRules, TotalStep};
pub use parts::{GivenBack, Part, TooMuch, Unsound, Whole, give_amount};
pub use place::Place;
pub use ports::*;
pub use price::{PriceError, price};
pub use priced::{Priced, PricedItem, Share, TaxTotal, Totals};
pub use promotion::{
    Action, BuyGet, Condition, Conditions, Promotion, PromotionClass, PromotionId, PromotionName, Targets,
};
pub use rate::{DatedRate, Rate, RatePpm, TaxCode, TaxName, TaxRateId, Treatment};
pub use settings::PricingSettings;
pub use shipping::{Basis, MethodCode, MethodName, Parcel, ShippingMethod, Tier, TierCost, TierStep, Tiers};
pub use shipping_choice::{ShippingChoice, ShippingOption};
pub use summary::LineAmounts;
pub use taxes::{MissingRate, ShippingTax, TaxZone, Taxes};
pub use zone::{Area, AreaCountry, AreaRegion, PostalPrefix, Specificity, Zone, ZoneId};
