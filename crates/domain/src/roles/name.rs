use std::fmt;
use std::hash::{Hash, Hasher};

use crate::{Code, Invalid, Rule, Ruled};

/// The name of a role: 3 to 32 of `a-z 0-9 _ -`. It is kept in place, because the rights of every request have one.
#[derive(Clone, Copy)]
pub struct RoleName {
    length: u8,
    bytes: [u8; Self::MAX],
}

impl RoleName {
    /// The fewest characters.
    pub const MIN: usize = 3;
    /// The most characters.
    pub const MAX: usize = 32;

    /// Parses a name.
    ///
    /// # Errors
    /// If it is too short or too long, or has other characters.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        let refused = || Invalid::new(Code::Format, "must have 3 to 32 of the characters a-z, 0-9, _ and -");
        if !(Self::MIN..=Self::MAX).contains(&raw.len()) || !raw.bytes().all(is_plain) {
            return Err(refused());
        }
        let mut bytes = [0; Self::MAX];
        bytes.iter_mut().zip(raw.bytes()).for_each(|(place, byte)| *place = byte);
        Ok(Self { length: u8::try_from(raw.len()).map_err(|_| refused())?, bytes })
    }

    /// 3 to 32 of `a-z`, `0-9`, `_` and `-`.
    pub fn as_str(&self) -> &str {
        let named = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(named).unwrap_or_default()
    }
}

impl PartialEq for RoleName {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RoleName {}

impl Hash for RoleName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoleName({})", self.as_str())
    }
}

impl Ruled for RoleName {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[a-z0-9_-]+$", min: Self::MIN, max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_3_to_32_plain_characters_r255() {
        for good in ["abc", "a_1", "---", &"z".repeat(32)] {
            assert_eq!(RoleName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "ab", &"z".repeat(33), "Abc", "a c", "abé", "a.b"] {
            assert!(RoleName::parse(bad).is_err(), "{bad}");
        }
        assert_ne!(RoleName::parse("abc").unwrap(), RoleName::parse("abcd").unwrap());
    }
}
