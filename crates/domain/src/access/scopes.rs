use std::fmt;

use super::{Noun, Scope};
use crate::{Code, Invalid};

/// A set of scopes, as bits of a word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// The name of the field that has them.
    pub const FIELD: &str = "scopes";
    /// The most scopes that a list of them has.
    pub const MOST: usize = 2 * Noun::ALL.len();
    /// No right at all.
    pub const NONE: Self = Self(0);
    /// All, also those that come later. Only administrators have these, so that all scopes one by one are fewer.
    pub const EVERYTHING: Self = Self(u32::MAX);

    /// One scope, with what it includes.
    pub const fn of(scope: Scope) -> Self {
        match scope {
            Scope::Read(noun) => Self(1 << (2 * noun as u32)),
            Scope::Write(noun) => Self(0b11 << (2 * noun as u32)),
        }
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether all of `needed` are among these.
    pub const fn include(self, needed: Self) -> bool {
        needed.0 & !self.0 == 0
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes of a list that has at least one.
    ///
    /// # Errors
    /// If the list is empty, or names one twice.
    pub fn listed(scopes: &[Scope]) -> Result<Self, Invalid> {
        if scopes.is_empty() {
            return Err(Invalid::new(Code::TooShort, "must have at least one scope"));
        }
        for (place, scope) in scopes.iter().enumerate() {
            if scopes.iter().take(place).any(|other| other == scope) {
                return Err(Invalid::new(Code::Repeated, format!("names {scope} twice")));
            }
        }
        Ok(scopes.iter().copied().collect())
    }

    /// The scopes one by one, in the order of the nouns: one to write, or one to read, for each noun.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Noun::ALL.iter().filter_map(move |noun| {
            let write = Scope::Write(*noun);
            if !noun.is_read_only() && self.include(Self::of(write)) {
                return Some(write);
            }
            let read = Scope::Read(*noun);
            self.include(Self::of(read)).then_some(read)
        })
    }

    /// Reads what [`Display`](fmt::Display) writes. A word that is none any more is left out.
    pub fn from_trusted(words: &str) -> Self {
        words.split(' ').filter_map(|word| Scope::parse(word).ok()).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        scopes.into_iter().map(Self::of).fold(Self::NONE, Self::and)
    }
}

impl From<Scope> for Scopes {
    fn from(scope: Scope) -> Self {
        Self::of(scope)
    }
}

/// The words with a space between them, as `scope` of RFC 6750 has them.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, scope) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_includes_read_and_nothing_else_r255() {
        for scope in Scope::all() {
            let own = Scopes::of(scope);
            for other in Scope::all() {
                let included = match (scope, other) {
                    (Scope::Write(a), Scope::Read(b)) => a == b,
                    (a, b) => a == b,
                };
                assert_eq!(own.include(Scopes::of(other)), included, "{scope} includes {other}");
            }
            assert!(Scopes::EVERYTHING.include(own) && own.include(Scopes::NONE) && !Scopes::NONE.include(own));
        }
    }

    #[test]
    fn all_scopes_one_by_one_are_fewer_than_everything_r261() {
        let listed: Scopes = Scope::all().collect();
        assert!(Scopes::EVERYTHING.include(listed) && !listed.include(Scopes::EVERYTHING));
        assert_eq!(listed.to_string(), Scopes::EVERYTHING.to_string());
    }

    #[test]
    fn scopes_are_written_without_implied_ones_and_read_back_r255() {
        let scopes = Scopes::listed(&[
            Scope::Read(Noun::Orders),
            Scope::Write(Noun::Orders),
            Scope::Read(Noun::Audit),
            Scope::Read(Noun::Stock),
        ]);
        let scopes = scopes.unwrap();
        assert_eq!(scopes.to_string(), "stock:read orders:write audit:read");
        assert_eq!(Scopes::from_trusted(&scopes.to_string()), scopes);
        assert_eq!(Scopes::from_trusted("stock:read stocks:read *"), Scopes::of(Scope::Read(Noun::Stock)));
        assert!(Scopes::from_trusted("").is_empty());
        assert_eq!(Scopes::listed(&[]).unwrap_err().code, Code::TooShort);
        let twice = Scopes::listed(&[Scope::Read(Noun::Stock), Scope::Write(Noun::Stock), Scope::Read(Noun::Stock)]);
        let twice = twice.unwrap_err();
        assert_eq!((twice.code, &*twice.message), (Code::Repeated, "names stock:read twice"));
    }
}
