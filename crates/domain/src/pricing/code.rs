//! The codes that buyers type.

use icu_normalizer::ComposingNormalizer;

use crate::customers::CustomerId;
use crate::{Invalid, Lines};

crate::text::text! {
    /// A coupon code as it was written: 1 to 64 characters.
    code CouponText, 1, 64, One
}

/// A coupon code as codes are compared: trimmed, by NFKC, in capitals. Codes with the same key are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CouponKey(String);

impl CouponKey {
    /// The most characters allowed.
    pub const MAX: usize = 64;

    /// The key of a code.
    ///
    /// # Errors
    /// If it has more than 64 characters in this form: `ﷺ` alone becomes 18.
    pub fn of(text: &CouponText) -> Result<Self, Invalid> {
        let nfkc = ComposingNormalizer::new_nfkc();
        // Capitals may be composed anew, and the same key must come out of it again.
        let key = nfkc.normalize(&nfkc.normalize(text.as_str()).to_uppercase()).trim().to_owned();
        crate::text::bounded(&key, 1, Self::MAX, Lines::One).map(Self)
    }

    /// The code in NFKC and in capitals: 1 to 64 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was made by [`CouponKey::of`].
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

/// A code that gives a promotion to whoever types it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// The code as it was written.
    pub text: CouponText,
    /// The only customer who may use it, if it is not for everybody.
    pub customer_id: Option<CustomerId>,
    /// How often it may be used.
    pub usage_limit: Option<i64>,
    /// How often it was used.
    pub used: i64,
}

impl Coupon {
    /// Whether no use is left.
    pub fn is_exhausted(&self) -> bool {
        self.usage_limit.is_some_and(|limit| self.used >= limit)
    }

    /// Whether this buyer may use it. For anybody else it does not exist.
    pub fn is_for(&self, buyer: Option<CustomerId>) -> bool {
        self.customer_id.is_none_or(|customer| buyer == Some(customer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn key(raw: &str) -> String {
        CouponKey::of(&CouponText::parse(raw).unwrap()).unwrap().as_str().to_owned()
    }

    #[test]
    fn coupon_codes_are_compared_trimmed_by_nfkc_in_capitals_r105() {
        assert_eq!(key(" summer "), "SUMMER");
        assert_eq!(key("ｓｕｍｍｅｒ①"), "SUMMER1");
        assert_eq!(key("straße"), key("STRASSE"));
        assert_eq!(key("e\u{301}te"), key("ÉTE"));
        for raw in ["ǰ\u{323}", "ﬃ", "ΐ", "\u{345}a"] {
            assert_eq!(key(raw), key(&key(raw)), "{raw}");
        }
        assert_eq!(key("SUM\u{200b}MER\u{ad}"), "SUMMER");
        for blank in ["", " ", "\u{200b}\u{2060}", "\u{2800}\u{ad}"] {
            assert_eq!(CouponText::parse(blank).unwrap_err().code, Code::Blank, "{blank:?}");
        }
        let long = CouponText::parse(&"ﷺ".repeat(4)).unwrap();
        assert_eq!(CouponKey::of(&long).unwrap_err().code, Code::TooLong);
    }

    #[test]
    fn a_coupon_is_exhausted_at_its_limit_and_may_be_for_one_customer_r106() {
        let ann = CustomerId(crate::Uuid::from_u128(1));
        let text = CouponText::parse("A").unwrap();
        let coupon = Coupon { text, customer_id: None, usage_limit: Some(2), used: 1 };
        assert!(!coupon.is_exhausted() && coupon.is_for(None));
        assert!(Coupon { used: 2, ..coupon.clone() }.is_exhausted());
        assert!(!Coupon { used: 2, usage_limit: None, ..coupon.clone() }.is_exhausted());
        let hers = Coupon { customer_id: Some(ann), ..coupon };
        assert!(hers.is_for(Some(ann)) && !hers.is_for(None));
        assert!(!hers.is_for(Some(CustomerId(crate::Uuid::from_u128(2)))));
    }
}
