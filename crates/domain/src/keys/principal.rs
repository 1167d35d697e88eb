use std::fmt;

use super::KeyId;
use crate::accounts::AccountId;
use crate::{Code, Invalid, Rule, Ruled, Uuid};

/// Who acts: an account or an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Somebody who has logged in.
    Account(AccountId),
    /// A program with a key.
    Key(KeyId),
}

impl Principal {
    const KEY: &str = "key:";

    /// The account and the key that this id may be of.
    pub const fn either(id: Uuid) -> [Self; 2] {
        [Self::Account(AccountId(id)), Self::Key(KeyId(id))]
    }

    /// The id of the account or of the key. No two things have the same.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Account(id) => id.0,
            Self::Key(id) => id.0,
        }
    }

    /// Whether it is a key.
    pub const fn is_key(self) -> bool {
        matches!(self, Self::Key(_))
    }

    /// The account or the key with this id.
    pub const fn of(id: Uuid, is_key: bool) -> Self {
        if is_key { Self::Key(KeyId(id)) } else { Self::Account(AccountId(id)) }
    }

    /// Parses the id of an account, or `key:` with the id of a key.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let (id, is_key) = raw.strip_prefix(Self::KEY).map_or((raw, false), |id| (id, true));
        let id = (id.len() == 36).then(|| Uuid::try_parse(id).ok()).flatten();
        let id = id.ok_or_else(|| Invalid::new(Code::Format, "must be a UUID, or `key:` with a UUID"))?;
        Ok(Self::of(id, is_key))
    }
}

/// `key:` before the id of a key, and the id alone of an account.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_key() {
            f.write_str(Self::KEY)?;
        }
        self.id().as_hyphenated().fmt(f)
    }
}

impl Ruled for Principal {
    fn rule() -> Rule {
        Rule::Pattern {
            pattern: "^(key:)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
            min: 36,
            max: 40,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_apart_from_an_account_r260_r262() {
        let id = Uuid::from_u128(7);
        for (who, text) in [
            (Principal::Account(AccountId(id)), "00000000-0000-0000-0000-000000000007"),
            (Principal::Key(KeyId(id)), "key:00000000-0000-0000-0000-000000000007"),
        ] {
            assert_eq!(who.to_string(), text);
            assert_eq!(Principal::parse(text).unwrap(), who);
            assert_eq!(Principal::of(who.id(), who.is_key()), who);
        }
        for bad in
            ["", "key:", "key:7", "key:key:00000000-0000-0000-0000-000000000007", "00000000000000000000000000000007"]
        {
            assert!(Principal::parse(bad).is_err(), "{bad}");
        }
    }
}
