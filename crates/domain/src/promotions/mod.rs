//! Promotions and their codes, as the staff keep them, and their uses by orders. What a promotion takes off a
//! purchase is a rule of [`pricing`](crate::pricing).

mod change;
mod code;
mod numbers;
mod ports;
mod promotion;
mod redemption;
mod status;

pub use change::{ConditionsChange, PromotionChange, Refused, TargetsChange};
pub use code::{CodeDetails, MAX_CODES, PromotionCode, repeated_codes};
pub use numbers::{PercentOff, Priority, Units, UsageLimit};
pub use ports::*;
pub use promotion::{MAX_COUNTRIES, MAX_PRODUCTS, Promotion, PromotionDetails};
pub use redemption::{Exhausted, GivenCoupon, Offered, Redeemed, Redemption, RedemptionLimits, Uses};
pub use status::PromotionStatus;

#[cfg(test)]
pub(crate) use promotion::tests as testing;
