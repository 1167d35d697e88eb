use crate::{Code, Invalid, Rule, Ruled};

/// A phone number in E.164: a plus and 7 to 15 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// What a number may look like: people separate its digits by spaces, dots, dashes, slashes and parentheses.
    pub const PATTERN: &str = r"^\+[ ./()-]*[1-9]([ ./()-]*[0-9]){6,14}[ ./()-]*$";

    /// The fewest characters of [`Self::PATTERN`].
    pub const MIN: usize = 8;
    /// The most characters.
    pub const MAX: usize = 40;

    /// Parses a number as people write it, such as `+1 (415) 555-0100`, and drops what separates its digits. So does a
    /// zero in parentheses, as in `+49 (0)30 1234`, which is dialled inside of the country alone.
    ///
    /// # Errors
    /// If it does not begin with a plus and the code of a country, has an extension, or not 7 to 15 digits.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let refuse = |message| Err(Invalid::new(Code::Format, message));
        if raw.chars().count() > Self::MAX {
            return Err(Invalid::new(Code::TooLong, "must have at most 40 characters"));
        }
        if raw.chars().any(char::is_control) {
            return refuse("must not contain control characters");
        }
        let visible: String = raw.chars().filter(|sign| !is_invisible(*sign)).collect();
        let Some(rest) = visible.trim().strip_prefix('+') else {
            return refuse("must begin with + and the code of the country, such as +14155550100");
        };
        let rest = rest.replacen("(0)", "", 1);
        let digits: String = rest.chars().filter(|sign| !separates(*sign)).collect();
        if digits.chars().any(|sign| matches!(sign, '#' | ',' | ';' | '=' | '*') || sign.is_alphabetic()) {
            return refuse("must be the number alone, without an extension, such as +14155550100");
        }
        let is_number = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
        if is_number && (7..=15).contains(&digits.len()) {
            return Ok(Self(format!("+{digits}")));
        }
        refuse("must be a phone number in E.164: + and 7 to 15 digits, such as +14155550100")
    }

    /// In E.164, such as `+14155550100`.
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

/// Whether a character only separates digits: a space, a dot, a dash of any length, a slash or a parenthesis.
fn separates(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{b7}')
}

/// Whether a character is invisible: contacts that are copied carry marks of their direction.
const fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_kept_in_e_164_however_its_digits_are_separated_r14() {
        for (written, kept) in [
            ("+14155550100", "+14155550100"),
            ("+1 (415) 555-0100", "+14155550100"),
            ("+1.415.555.0100", "+14155550100"),
            ("+49 30 1234-56", "+4930123456"),
            ("+49 30/123456", "+4930123456"),
            ("+49 (0)30 123456", "+4930123456"),
            ("+ 44\u{a0}20\u{2011}7946\u{2013}0018", "+442079460018"),
            ("\u{202a}+1 415 555 0100\u{202c} ", "+14155550100"),
            ("+2901234", "+2901234"),
            ("+123456789012345", "+123456789012345"),
        ] {
            assert_eq!(PhoneNumber::parse(written).unwrap().as_str(), kept, "{written}");
        }
    }

    #[test]
    fn a_number_without_a_country_too_short_too_long_or_with_an_extension_is_refused_r14() {
        let why = |raw: &str| PhoneNumber::parse(raw).unwrap_err().message;
        for extended in
            ["+14155550100 x12", "+14155550100 ext. 5", "+14155550100;ext=5", "+14155550100#5", "+14155550100,,12"]
        {
            assert!(why(extended).contains("without an extension"), "{extended}");
        }
        for nowhere in ["", "14155550100", "0049 30 123456", "(415) 555-0100", "tel:+14155550100"] {
            assert!(why(nowhere).contains("code of the country"), "{nowhere}");
        }
        for bad in ["+", "+123456", "+1234567890123456", "+0123456789", "+1234567\u{663}", "+1+4155550100", "+(0)"] {
            assert!(why(bad).contains("7 to 15 digits"), "{bad}");
        }
        for bad in [format!("+1{}4155550100", " ".repeat(40)), "+14155550100\n".to_owned()] {
            assert!(PhoneNumber::parse(&bad).is_err(), "{bad}");
        }
    }
}
