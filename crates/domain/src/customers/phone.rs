use crate::{Code, Invalid, Rule, Ruled};

/// A phone number in E.164: `+` and 8 to 15 digits, the first of them not 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The form, as a regular expression.
    pub const PATTERN: &str = r"^\+[1-9][0-9]{7,14}$";

    /// The fewest characters, with the `+`.
    pub const MIN: usize = 9;
    /// The most characters, with the `+`.
    pub const MAX: usize = 16;

    /// Parses a number.
    ///
    /// # Errors
    /// If it is not of the form of E.164.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let well_formed = (Self::MIN..=Self::MAX).contains(&raw.len())
            && raw
                .strip_prefix('+')
                .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0'));
        if well_formed {
            return Ok(Self(raw.to_owned()));
        }
        Err(Invalid::new(Code::Format, "must be a phone number in E.164: + and 8 to 15 digits, such as +14155550100"))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for PhoneNumber {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: Self::MIN, max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_a_plus_and_8_to_15_digits_r14() {
        for good in ["+14155550100", "+12345678", "+123456789012345"] {
            assert!(PhoneNumber::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "+",
            "14155550100",
            "+1234567",
            "+1234567890123456",
            "+1 415 555",
            "+0123456789",
            "+1234567٣",
            " +12345678",
        ] {
            assert!(PhoneNumber::parse(bad).is_err(), "{bad}");
        }
    }
}
