use std::fmt;

use super::OperationId;
use crate::{Code, Invalid, Rule, Ruled};

/// The name of a payment provider, such as `stripe`: 1 to 30 lower-case letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderName(String);

impl ProviderName {
    /// The form, as a regular expression.
    pub const PATTERN: &str = "^[a-z0-9_]+$";
    /// The most characters.
    pub const MAX: usize = 30;

    /// Parses a name.
    ///
    /// # Errors
    /// If it is empty or too long, or has other characters.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(is_plain) {
            return Ok(Self(raw.to_owned()));
        }
        let message = format!("must have 1 to {} lower-case letters, digits and underscores", Self::MAX);
        Err(Invalid::new(Code::Format, message))
    }

    /// 1 to 30 of `a-z`, `0-9` and `_`, such as `stripe`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub const fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for ProviderName {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: 1, max: Self::MAX }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::text::text! {
    /// How a provider calls one of its payments, refunds or disputes: 1 to 255 characters.
    Reference, 1, 255, One
}

crate::text::text! {
    /// The id of an event at its provider: 1 to 255 characters.
    EventId, 1, 255, One
}

crate::text::text! {
    /// What an event of a provider is about, such as `payment_intent.succeeded`: 1 to 64 characters.
    NoticeKind, 1, 64, One
}

crate::text::text! {
    /// How a payment was made, for people, such as `Visa •••• 4242`: 1 to 100 characters.
    MethodLabel, 1, 100, One
}

crate::text::text! {
    /// A way to pay that a provider knows, such as `bank_transfer`: 1 to 64 characters.
    MethodName, 1, 64, One
}

crate::text::text! {
    /// Where a customer's browser returns to after paying elsewhere: 1 to 2,000 characters.
    ReturnUrl, 1, 2000, One
}

crate::text::text! {
    /// Why money goes back, in a word of the shop: 1 to 32 characters.
    RefundReason, 1, 32, One
}

/// Shortens what somebody else wrote to `max` characters of one line.
fn shortened(raw: &str, max: usize) -> String {
    raw.chars().filter(|c| !c.is_control()).take(max).collect()
}

/// A provider's code of an error, such as `card_declined`: at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCode(String);

/// A provider's message of an error, for people: at most 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderMessage(String);

macro_rules! shortened {
    ($($name:ident => $max:literal,)*) => {$(
        impl $name {
            /// The first characters of what a provider says, without control characters.
            pub fn new(said: &str) -> Self {
                Self(shortened(said, $max))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

shortened! {
    ProviderCode => 64,
    ProviderMessage => 500,
}

/// The idempotency key that a provider gets with a call: the operation and its generation. The same key never stands for
/// two intentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OperationKey {
    /// What the provider is asked to do: one operation of one payment.
    pub operation: OperationId,
    /// 1, and one more each time that the provider provably did nothing under the key before.
    pub generation: i64,
}

impl fmt::Display for OperationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.operation, self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_provider_has_a_plain_name_that_fits_into_the_name_of_an_account_r97() {
        for good in ["stripe", "test", "bank_2", &"a".repeat(30)] {
            assert!(ProviderName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "Stripe", "a b", "a:b", "é", &"a".repeat(31)] {
            assert_eq!(ProviderName::parse(bad).unwrap_err().code, Code::Format, "{bad}");
        }
    }

    #[test]
    fn a_key_names_the_operation_and_its_generation_r90() {
        let key = OperationKey { operation: OperationId(Uuid::from_u128(7)), generation: 2 };
        assert_eq!(key.to_string(), "00000000-0000-0000-0000-000000000007-2");
    }

    #[test]
    fn texts_of_a_provider_are_truncated_r89() {
        assert_eq!(ProviderCode::new(&"x".repeat(99)).as_str().len(), 64);
        assert_eq!(ProviderMessage::new("Your card\nwas\u{0} declined.").as_str(), "Your cardwas declined.");
    }
}
