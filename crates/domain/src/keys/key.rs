use std::time::Duration;

use subtle::ConstantTimeEq as _;

use super::{KeyAccess, KeyClaim, KeyHash, KeyId, KeyPrefix, Overlap, Principal};
use crate::access::Scopes;
use crate::{Code, Invalid, UtcDateTime, Uuid, Version};

crate::text::text! {
    /// What a key is for: 1 to 100 characters.
    KeyName, 1, 100, One
}

/// An API key: how a program calls the API. It outlives who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: KeyId,
    /// What the key is for, for people: 1 to 100 characters.
    pub name: KeyName,
    /// What its secrets name it by.
    pub prefix: KeyPrefix,
    /// The hash of the secret, or of the previous one during an overlap.
    pub hash: KeyHash,
    /// The secret of the last rotation.
    pub next: Option<NextSecret>,
    /// What it may do: at least one scope.
    pub scopes: Scopes,
    /// The account or the key that made it. It may be gone since.
    pub made_by: Principal,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// When it ends; `None` for never.
    pub expires_at: Option<UtcDateTime>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<UtcDateTime>,
    /// When it was deleted.
    pub revoked_at: Option<UtcDateTime>,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The secret of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextSecret {
    /// The hash of the new secret. Its holder alone has the secret.
    pub hash: KeyHash,
    /// Until when the previous secret works too.
    pub overlap_until: UtcDateTime,
}

/// The input for a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDetails {
    /// What the key is for, for people: 1 to 100 characters.
    pub name: KeyName,
    /// What it may do.
    pub scopes: Scopes,
    /// When it ends: `None` in a year, `Some(None)` never.
    pub expires_at: Option<Option<UtcDateTime>>,
}

impl KeyDetails {
    /// The name of the field with the end.
    pub const EXPIRES_AT: &str = "expires_at";
}

impl ApiKey {
    /// The most live keys of a shop.
    pub const MOST: u64 = 100;
    /// How long a key lives if nobody says otherwise.
    const USUAL_LIFE: Duration = Duration::from_hours(365 * 24);
    /// How exactly the last use is known.
    pub const USE_PRECISION: Duration = Duration::from_mins(1);

    /// A new key.
    ///
    /// # Errors
    /// If it would end before it begins.
    pub fn new(
        id: Uuid,
        details: KeyDetails,
        claim: KeyClaim,
        made_by: Principal,
        now: UtcDateTime,
    ) -> Result<Self, Invalid> {
        let KeyDetails { name, scopes, expires_at } = details;
        let expires_at = expires_at.unwrap_or(Some(now + Self::USUAL_LIFE));
        if expires_at.is_some_and(|end| end <= now) {
            return Err(Invalid::new(Code::TooSmall, "must be in the future, or null for a key that does not expire"));
        }
        Ok(Self {
            id: KeyId(id),
            name,
            prefix: claim.prefix,
            hash: claim.hash,
            next: None,
            scopes,
            made_by,
            created_at: now,
            expires_at,
            last_used_at: None,
            revoked_at: None,
            version: Version::FIRST,
        })
    }

    /// What a caller with this secret may do; `None` if the secret opens nothing, or not any more. How long it takes
    /// does not depend on how much of the secret is right.
    pub fn opened(&self, hash: &KeyHash, now: UtcDateTime) -> Option<KeyAccess> {
        let is_first = self.hash.0.ct_eq(&hash.0);
        let is_right = match &self.next {
            None => is_first,
            Some(NextSecret { hash: next, overlap_until }) => {
                let in_overlap = u8::from(now < *overlap_until).into();
                next.0.ct_eq(&hash.0) | (is_first & in_overlap)
            }
        };
        let is_live = self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end);
        (bool::from(is_right) && is_live).then_some(KeyAccess { id: self.id, scopes: self.scopes })
    }

    /// Whether a use at `now` is to be recorded, if the one recorded last was at `last`.
    pub fn is_use_news(last: Option<UtcDateTime>, now: UtcDateTime) -> bool {
        last.is_none_or(|last| last + Self::USE_PRECISION <= now)
    }

    /// The key under another name, unchanged if it is the same.
    #[must_use]
    pub fn named(&self, name: KeyName) -> Self {
        if name == self.name {
            return self.clone();
        }
        Self { name, version: self.version.next(), ..self.clone() }
    }

    /// The key with another secret. The previous one works until the overlap ends; an older one ends at once.
    #[must_use]
    pub fn rotated(&self, hash: KeyHash, overlap: Overlap, now: UtcDateTime) -> Self {
        let next = NextSecret { hash, overlap_until: now + overlap.get() };
        let before = self.next.map_or(self.hash, |before| before.hash);
        Self { hash: before, next: Some(next), version: self.version.next(), ..self.clone() }
    }

    /// The key, ended.
    #[must_use]
    pub fn revoked(&self, now: UtcDateTime) -> Self {
        Self { revoked_at: Some(now), version: self.version.next(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Noun, Scope};
    use crate::accounts::AccountId;

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;
    const HOUR: Duration = Duration::from_hours(1);

    fn hash(of: u8) -> KeyHash {
        KeyHash([of; 32])
    }

    fn details() -> KeyDetails {
        let scopes = Scopes::of(Scope::Read(Noun::Orders));
        KeyDetails { name: KeyName::parse("ERP").unwrap(), scopes, expires_at: None }
    }

    fn made(details: KeyDetails) -> Result<ApiKey, Invalid> {
        let claim = KeyClaim { prefix: KeyPrefix::from_trusted("abcdefgh".into()), hash: hash(1) };
        ApiKey::new(Uuid::from_u128(1), details, claim, Principal::Account(AccountId(Uuid::from_u128(2))), NOW)
    }

    fn key() -> ApiKey {
        made(details()).unwrap()
    }

    #[test]
    fn a_key_ends_in_a_year_or_when_it_says_or_never_r258() {
        let until = |end| made(KeyDetails { expires_at: Some(end), ..details() });
        let year = Duration::from_hours(365 * 24);
        assert_eq!(key().expires_at, Some(NOW + year));
        assert_eq!(until(None).unwrap().expires_at, None);
        let short = until(Some(NOW + HOUR)).unwrap();
        assert!(short.opened(&hash(1), NOW).is_some() && short.opened(&hash(1), NOW + HOUR).is_none());
        for past in [NOW, NOW - HOUR] {
            assert_eq!(until(Some(past)).unwrap_err().code, Code::TooSmall);
        }
    }

    #[test]
    fn only_its_own_secret_opens_a_key_and_only_while_it_lives_r258_r259() {
        let key = key();
        assert_eq!(key.opened(&hash(1), NOW).unwrap().scopes, key.scopes);
        assert!(key.opened(&hash(2), NOW).is_none());
        assert!(key.revoked(NOW).opened(&hash(1), NOW).is_none());
    }

    #[test]
    fn two_secrets_open_during_the_overlap_and_rotating_again_ends_the_oldest_r258() {
        let overlap = Overlap::parse("2h").unwrap();
        let once = key().rotated(hash(2), overlap, NOW);
        let opens = |key: &ApiKey, at| [1, 2, 3].map(|of| key.opened(&hash(of), at).is_some());
        assert_eq!(opens(&once, NOW + HOUR), [true, true, false]);
        assert_eq!(opens(&once, NOW + 2 * HOUR), [false, true, false]);
        let twice = once.rotated(hash(3), overlap, NOW + HOUR);
        assert_eq!(opens(&twice, NOW + HOUR), [false, true, true]);
        assert_eq!(opens(&twice, NOW + 3 * HOUR), [false, false, true]);
        let at_once = key().rotated(hash(2), Overlap::parse("0h").unwrap(), NOW);
        assert_eq!(opens(&at_once, NOW), [false, true, false]);
    }

    #[test]
    fn a_use_is_news_once_a_minute_r258() {
        let is_news = |after| ApiKey::is_use_news(Some(NOW), NOW + Duration::from_secs(after));
        assert!(ApiKey::is_use_news(None, NOW) && !is_news(59) && is_news(60));
    }
}
