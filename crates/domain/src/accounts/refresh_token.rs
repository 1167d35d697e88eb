use std::fmt;
use std::time::Duration;

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

/// The secret of a refresh token, of a session of the office or of a mailed link, in plain text. Its holder gets it once;
/// only its hash is stored. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenSecret(pub String);

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}

/// SHA-256 of a [`TokenSecret`]. A fast hash is safe, because the secret has 256 random bits.
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
    /// From this time on it is not accepted.
    pub expires_at: UtcDateTime,
    /// Time at which it was exchanged for another; it cannot be used again.
    pub spent_at: Option<UtcDateTime>,
}

/// What a refresh token is good for when a client brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// For a new pair, and it is spent with that.
    First,
    /// For another pair: it was spent a moment ago, as when two tabs of a browser refresh at once.
    Again,
    /// For nothing, because it has expired.
    Expired,
    /// For nothing. It was spent before and may be stolen, so its whole login ends.
    Reused,
}

impl RefreshToken {
    /// What the token is good for at `now`, if a spent one may be brought again within `grace`. The servers of a shop
    /// have clocks of their own, so the time since it was spent counts in both directions.
    pub fn exchange(&self, grace: Duration, now: UtcDateTime) -> Exchange {
        let is_alive = self.expires_at > now;
        match self.spent_at {
            None if is_alive => Exchange::First,
            None => Exchange::Expired,
            Some(at) if is_alive && (now - at).unsigned_abs() < grace => Exchange::Again,
            Some(_) => Exchange::Reused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_spent_token_is_good_for_another_pair_only_within_the_grace_r3() {
        let at = |seconds| UtcDateTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let token = |spent_at| RefreshToken {
            id: RefreshTokenId(Uuid::from_u128(1)),
            family_id: FamilyId(Uuid::from_u128(2)),
            account_id: AccountId(Uuid::from_u128(3)),
            hash: TokenHash([0; 32]),
            created_at: at(0),
            expires_at: at(1000),
            spent_at,
        };
        let grace = Duration::from_secs(10);
        assert_eq!(token(None).exchange(grace, at(999)), Exchange::First);
        assert_eq!(token(None).exchange(grace, at(1000)), Exchange::Expired);
        let spent = token(Some(at(100)));
        for (now, exchange) in [
            (100, Exchange::Again),
            (109, Exchange::Again),
            (110, Exchange::Reused),
            (91, Exchange::Again),
            (90, Exchange::Reused),
        ] {
            assert_eq!(spent.exchange(grace, at(now)), exchange, "at {now}");
        }
        assert_eq!(spent.exchange(Duration::ZERO, at(100)), Exchange::Reused, "without a grace");
        assert_eq!(token(Some(at(999))).exchange(grace, at(1001)), Exchange::Reused, "expired meanwhile");
    }
}
