use std::fmt;

use super::AccountId;
use crate::UtcDateTime;

crate::id::id! {
    /// Names a refresh token.
    RefreshTokenId
}

crate::id::id! {
    /// Names a family of refresh tokens: one login and all that was refreshed from it.
    FamilyId
}

/// A refresh token as its holder has it. It is shown once and kept only as its hash. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshTokenSecret(pub String);

impl fmt::Debug for RefreshTokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshTokenSecret(…)")
    }
}

/// SHA-256 of a refresh token. The token is random and long, so a fast hash is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A refresh token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The id.
    pub id: RefreshTokenId,
    /// The login that it comes from.
    pub family_id: FamilyId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The hash of its secret, unique.
    pub hash: TokenHash,
    /// When it was issued.
    pub created_at: UtcDateTime,
    /// When it ends.
    pub expires_at: UtcDateTime,
    /// When it was exchanged for another; it cannot be again.
    pub spent_at: Option<UtcDateTime>,
}
