//! Prices: what a purchase costs, with discounts, shipping and taxes.
//!
//! Everything here is a pure function on whole minor units of the shop's one currency. An amount is an `i64`, worked out
//! in an `i128`; what does not fit is an [`Overflow`](crate::Overflow). Nothing that was rounded is rounded again.

#[allow(dead_code, reason = "the price of a purchase needs it, which follows")]
mod allocate;
mod code;
mod place;
mod rate;
mod shipping;
mod taxes;
mod zone;

pub use allocate::{PPM, split};
pub use code::{Coupon, CouponKey, CouponText};
pub use place::Place;
pub use rate::{DatedRate, Rate, RatePpm, TaxClass, TaxCode, TaxName, TaxRateId, Treatment};
pub use shipping::{Basis, Grams, MethodCode, MethodName, Parcel, ShippingMethod, Step, Tier, TierCost, Tiers};
pub use taxes::{MissingRate, ShippingTax, TaxZone, Taxes};
pub use zone::{Area, AreaCountry, AreaRegion, PostalPrefix, Specificity, Zone, ZoneId};
