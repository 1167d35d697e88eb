use crate::{Code, Invalid, Rule, Ruled};

/// The name of an attribute in requests: 1 to 32 of `a-z`, `0-9` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeCode(String);

impl AttributeCode {
    /// The most characters allowed.
    pub const MAX: usize = 32;
    /// The attribute whose terms are categories, in a tree.
    pub const CATEGORY: &str = "category";
    /// The attribute whose terms are tags. They are made when they are first used.
    pub const TAG: &str = "tag";
    /// The attribute whose terms are brands.
    pub const BRAND: &str = "brand";

    /// Parses a code.
    ///
    /// # Errors
    /// If it is empty, too long, or has other characters.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let code = match raw.len() {
            0 => Code::TooShort,
            n if n > Self::MAX => Code::TooLong,
            _ if raw.bytes().all(fits) => return Ok(Self(raw.to_owned())),
            _ => Code::Format,
        };
        Err(Invalid::new(code, "must have 1 to 32 small letters, digits or underscores"))
    }

    /// The code of categories.
    pub fn category() -> Self {
        Self(Self::CATEGORY.to_owned())
    }

    /// Whether it is one of the attributes that are there from the start.
    pub fn is_built_in(&self) -> bool {
        [Self::CATEGORY, Self::TAG, Self::BRAND].contains(&self.as_str())
    }

    /// 1 to 32 of `a-z`, `0-9` and `_`, as it stands in requests.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for AttributeCode {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[a-z0-9_]+$", min: 1, max: Self::MAX }
    }
}

impl std::fmt::Display for AttributeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_1_to_32_small_letters_digits_and_underscores_r200() {
        assert_eq!(AttributeCode::parse("capacity_ml2").unwrap().as_str(), "capacity_ml2");
        assert!(AttributeCode::parse(&"x".repeat(32)).is_ok());
        let code = |raw: &str| AttributeCode::parse(raw).unwrap_err().code;
        assert_eq!((code(""), code(&"x".repeat(33))), (Code::TooShort, Code::TooLong));
        for bad in ["Colour", "a b", "a-b", "ä", "a.b", "a\n"] {
            assert_eq!(code(bad), Code::Format, "{bad:?}");
        }
        assert!(AttributeCode::category().is_built_in() && !AttributeCode::parse("colour").unwrap().is_built_in());
    }
}
