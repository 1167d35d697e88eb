use std::collections::HashSet;

use super::UsageLimit;
use crate::UtcDateTime;
use crate::customers::CustomerId;
use crate::pricing::{Coupon, CouponKey, CouponText, PromotionId};

/// The most codes that are added at once.
pub const MAX_CODES: usize = 1000;

/// A code of a promotion. No two promotions have codes with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromotionCode {
    /// The promotion that it unlocks.
    pub promotion_id: PromotionId,
    /// The code as codes are compared.
    pub key: CouponKey,
    /// The code, with who may use it and how often. `used` is how many orders use it; one that was cancelled does not.
    pub coupon: Coupon,
    /// Time of creation.
    pub created_at: UtcDateTime,
}

/// The input for a new code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeDetails {
    /// The code as it was written.
    pub text: CouponText,
    /// The code as codes are compared.
    pub key: CouponKey,
    /// How often it may be used.
    pub usage_limit: Option<UsageLimit>,
    /// The only customer who may use it, if it is not for everybody.
    pub customer_id: Option<CustomerId>,
}

impl PromotionCode {
    /// A new code, created at `now`.
    pub fn new(promotion_id: PromotionId, details: CodeDetails, now: UtcDateTime) -> Self {
        let CodeDetails { text, key, usage_limit, customer_id } = details;
        let coupon = Coupon { text, customer_id, usage_limit: usage_limit.map(UsageLimit::get), used: 0 };
        Self { promotion_id, key, coupon, created_at: now }
    }
}

/// The places of codes that come earlier in the list too.
pub fn repeated_codes(codes: &[CodeDetails]) -> Vec<usize> {
    let mut seen = HashSet::new();
    codes.iter().enumerate().filter(|(_, code)| !seen.insert(&code.key)).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn details(code: &str) -> CodeDetails {
        let text = CouponText::parse(code).unwrap();
        let key = CouponKey::of(&text).unwrap();
        CodeDetails { text, key, usage_limit: UsageLimit::parse(2).ok(), customer_id: None }
    }

    #[test]
    fn codes_that_are_compared_as_the_same_are_in_a_list_once_r105() {
        let codes = ["summer", "Winter", " SUMMER ", "ｓummer", "winter2"].map(details);
        assert_eq!(repeated_codes(&codes), [2, 3]);
    }

    #[test]
    fn a_new_code_is_kept_as_it_was_written_and_unused_r105() {
        let code = PromotionCode::new(PromotionId(Uuid::from_u128(1)), details(" Summer"), UtcDateTime::UNIX_EPOCH);
        assert_eq!((code.coupon.text.as_str(), code.key.as_str()), ("Summer", "SUMMER"));
        assert_eq!((code.coupon.usage_limit, code.coupon.used), (Some(2), 0));
    }
}
