use crate::{Code, Invalid, Rule, Ruled};

/// A user name: 3 to 32 of the characters `a-z 0-9 . _ -`, stored in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// The form, as a regular expression.
    pub const PATTERN: &str = "^[A-Za-z0-9._-]{3,32}$";
    /// The fewest characters.
    pub const MIN: usize = 3;
    /// The most characters.
    pub const MAX: usize = 32;

    /// Parses and lower-cases a user name.
    ///
    /// # Errors
    /// If it is too short, too long, or has another character.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let name = raw.to_ascii_lowercase();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
        if (Self::MIN..=Self::MAX).contains(&name.len()) && name.bytes().all(allowed) {
            return Ok(Self(name));
        }
        Err(Invalid::new(Code::Format, "must have 3 to 32 of the characters a-z, 0-9, '.', '_' and '-'"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for Username {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: Self::MIN, max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_has_3_to_32_allowed_characters_and_is_lower_cased_r24() {
        assert_eq!(Username::parse("Ann.O_1-x").unwrap().as_str(), "ann.o_1-x");
        assert!(Username::parse(&"a".repeat(32)).is_ok());
        for bad in ["", "ab", &"a".repeat(33), "ann o", "änn", "ann\0", " ann", "ann@x"] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
    }
}
