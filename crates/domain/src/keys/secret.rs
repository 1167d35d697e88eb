use std::fmt;

/// The characters that name a key in its secrets: 8 letters and digits, unique.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// How many characters it has.
    pub const LENGTH: usize = 8;

    /// One that has the right form.
    pub const fn from_trusted(prefix: String) -> Self {
        Self(prefix)
    }

    /// The 8 characters, which tell keys from one another and are no secret.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A secret that a program sends. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret(String);

impl KeySecret {
    /// What every secret begins with.
    pub const BEGINNING: &str = "stk_";
    /// How many characters a secret has: the beginning, the prefix, `_`, 32 random ones, and 6 of a checksum.
    pub const LENGTH: usize = Self::BEGINNING.len() + KeyPrefix::LENGTH + 1 + 32 + 6;

    /// A secret that was made.
    pub const fn made(secret: String) -> Self {
        Self(secret)
    }

    /// The secret, to be shown once.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(…)")
    }
}

/// The SHA-256 of a secret. The secret itself is kept nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyHash(pub [u8; 32]);

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(…)")
    }
}

/// What a secret says of itself: its checksum is right, and nobody has looked yet whether it opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyClaim {
    /// The prefix of the key that it belongs to.
    pub prefix: KeyPrefix,
    /// The SHA-256 of the whole secret.
    pub hash: KeyHash,
}

/// A secret that was just made, with what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// The secret, to be shown once.
    pub secret: KeySecret,
    /// What is stored of it: its prefix and its hash.
    pub claim: KeyClaim,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown_by_mistake_r259() {
        let shown = format!("{:?} {:?}", KeySecret::made("stk_hunter2".into()), KeyHash([7; 32]));
        assert_eq!(shown, "KeySecret(…) KeyHash(…)");
    }
}
