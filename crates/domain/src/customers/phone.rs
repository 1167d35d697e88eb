use crate::{Code, Invalid};

/// A phone number in E.164: `+` and 8 to 15 digits, the first of them not 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The form, as a regular expression.
    pub const PATTERN: &str = r"^\+[1-9][0-9]{7,14}$";

    /// Parses a number, trimmed of white space at its ends.
    ///
    /// # Errors
    /// If it is not of the form of E.164.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = raw.trim();
        let digits = text.strip_prefix('+').unwrap_or_default();
        let well_formed =
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if well_formed {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::new(Code::Format, "must be a phone number in E.164: + and 8 to 15 digits, such as +14155550100"))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that was parsed before it was stored.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
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
        for bad in ["", "+", "14155550100", "+1234567", "+1234567890123456", "+1 415 555", "+0123456789", "+1234567٣"]
        {
            assert!(PhoneNumber::parse(bad).is_err(), "{bad}");
        }
    }
}
