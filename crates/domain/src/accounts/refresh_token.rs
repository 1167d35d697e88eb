use std::fmt;

use super::AccountId;
use crate::UtcDateTime;

crate::id::id! {
    /// The id of a refresh token.
    RefreshTokenId
}

crate::id::id! {
    /// The id of a family of refresh tokens: those of one login.
    FamilyId
}

/// A refresh token in plain text. The client gets it once; only its hash is stored. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshTokenSecret(pub String);

impl fmt::Debug for RefreshTokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshTokenSecret(…)")
    }
}

/// SHA-256 of a refresh token. A fast hash is safe, because the token has 256 random bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A refresh token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: RefreshTokenId,
    /// The login of the token.
    pub family_id: FamilyId,
    /// The owner of the token.
    pub account_id: AccountId,
    /// The hash of its secret, unique.
    pub hash: TokenHash,
    /// Time of issue.
    pub created_at: UtcDateTime,
    /// Expiry.
    pub expires_at: UtcDateTime,
    /// Time at which it was exchanged for another; it cannot be used again.
    pub spent_at: Option<UtcDateTime>,
}
