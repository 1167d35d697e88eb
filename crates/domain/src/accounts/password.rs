use std::fmt;

use crate::{Code, Invalid, Rule, Ruled};

/// A password in plain text, kept only until it is hashed. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The fewest bytes.
    pub const MIN: usize = 12;
    /// The most bytes. bcrypt ignores further bytes, so longer passwords are refused instead of cut.
    pub const MAX: usize = 72;

    /// Parses a new password.
    ///
    /// # Errors
    /// If it does not have 12 to 72 bytes, or contains a NUL byte, at which bcrypt would stop.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let code = match raw.len() {
            n if n < Self::MIN => Code::TooShort,
            n if n > Self::MAX => Code::TooLong,
            _ if raw.contains('\0') => return Err(Invalid::new(Code::Format, "must not contain NUL")),
            _ => return Ok(Self(raw.to_owned())),
        };
        Err(Invalid::new(code, "must have 12 to 72 bytes"))
    }

    /// A password sent at a login, without checks: it is only compared. One that no account can have is refused like
    /// any wrong password.
    pub fn claimed(raw: String) -> Self {
        Self(raw)
    }

    /// The plain text, to be hashed.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A bcrypt hash in its modular crypt format. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash, made by the hasher or read from the store.
    pub fn new(hash: String) -> Self {
        Self(hash)
    }

    /// The hash in its text form.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl Ruled for Password {
    fn rule() -> Rule {
        Rule::Secret { min: Self::MIN, max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_12_to_72_bytes_and_is_never_cut_r24() {
        assert!(Password::parse(&"x".repeat(12)).is_ok() && Password::parse(&"x".repeat(72)).is_ok());
        assert_eq!(Password::parse(&"x".repeat(11)).unwrap_err().code, Code::TooShort);
        assert_eq!(Password::parse(&"x".repeat(73)).unwrap_err().code, Code::TooLong);
        assert_eq!(Password::parse(&"ä".repeat(37)).unwrap_err().code, Code::TooLong);
        assert_eq!(Password::parse("twelve bytes\0").unwrap_err().code, Code::Format);
    }

    #[test]
    fn neither_a_password_nor_its_hash_shows_in_debug() {
        let (password, hash) = (Password::claimed("hunter2".into()), PasswordHash::new("$2b$12$x".into()));
        assert_eq!(format!("{password:?} {hash:?}"), "Password(…) PasswordHash(…)");
    }
}
