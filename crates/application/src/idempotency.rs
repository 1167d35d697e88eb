use std::fmt;

use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::keys::Principal;
use domain::{Code, Invalid, Rule, Ruled, StoreError, UtcDateTime};

/// An idempotency key: the name that a client gives to one request, so that it can safely repeat it. 1 to 255 visible
/// ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The form, as a regular expression.
    pub const PATTERN: &str = "^[!-~]+$";
    /// The most characters.
    pub const MAX: usize = 255;

    /// Parses a key.
    ///
    /// # Errors
    /// If it is empty or too long, or has other characters than visible ASCII.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if (1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic()) {
            return Ok(Self(raw.to_owned()));
        }
        Err(Invalid::new(Code::Format, "must have 1 to 255 visible ASCII characters"))
    }

    /// 1 to 255 visible characters of ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ruled for IdempotencyKey {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: 1, max: Self::MAX }
    }
}

/// A keyed hash (HMAC) of a request. It distinguishes requests without storing their content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

/// A request that must run once for its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who has chosen the key; `None` for a caller without an account.
    pub owner: Option<Principal>,
    /// The name that the client gave the request.
    pub key: IdempotencyKey,
    /// The hash of the request.
    pub fingerprint: Fingerprint,
    /// The hash that an earlier version has stored for the same request, if it is another one.
    pub former_fingerprint: Option<Fingerprint>,
}

impl Claim {
    /// Whether a stored hash is that of this request.
    pub fn is_of(&self, stored: Fingerprint) -> bool {
        stored == self.fingerprint || Some(stored) == self.former_fingerprint
    }

    /// The claim of a request with so many parts, each of which runs once.
    ///
    /// # Errors
    /// As [`Self::part`].
    pub fn split(self, parts: usize) -> Result<SplitClaim, Invalid> {
        let parts = (0..parts).map(|number| self.part(number)).collect::<Result<_, _>>()?;
        Ok(SplitClaim { whole: self, parts })
    }

    /// The claim of one of the parts of the request, each of which runs once.
    ///
    /// # Errors
    /// If the key leaves no room for the number of the part.
    pub fn part(&self, number: usize) -> Result<Self, Invalid> {
        let key = IdempotencyKey::parse(&format!("{}#{number}", self.key.as_str()))?;
        Ok(Self { key, ..self.clone() })
    }
}

/// The claim of a request, and those of its parts.
#[derive(Debug, Clone)]
pub struct SplitClaim {
    /// That of the request, so that its key serves no other one.
    pub whole: Claim,
    /// Those of its parts, in their order.
    pub parts: Vec<Claim>,
}

/// The response that is stored with a key. Only the adapter that made it can read `content`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The encoded response. It has no secrets.
    pub content: Vec<u8>,
    /// The customer whose personal data the response has, if any.
    pub personal_to: Option<CustomerId>,
}

/// A response that can be stored with an idempotency key.
pub trait Storable: Send {
    /// Encodes the response.
    fn to_stored(&self) -> StoredResponse;
}

impl Storable for StoredResponse {
    fn to_stored(&self) -> StoredResponse {
        self.clone()
    }
}

/// What the store knows of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// The key is unused: the request must run.
    New,
    /// The key was used by a request with this fingerprint and this response.
    Used(Fingerprint, StoredResponse),
    /// The key was used, and its response was erased with the personal data of a customer.
    Erased,
    /// The request with this key is still running.
    Running,
}

/// Idempotency keys within a transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdempotencyRepository: Send {
    /// Claims a key. Uses before `not_before` are ignored. If another transaction is using the key, the call waits for
    /// it for a limited time. On an optimistic attempt the store may assume that the key is new.
    ///
    /// # Errors
    /// `Raced`, at the latest at the commit, if the key was assumed to be new and is not.
    async fn claim(&mut self, claim: &Claim, now: UtcDateTime, not_before: UtcDateTime)
    -> Result<KeyState, StoreError>;

    /// Stores the response to a request whose claim was `New` in this transaction.
    async fn store(&mut self, claim: &Claim, response: &StoredResponse, now: UtcDateTime) -> Result<(), StoreError>;

    /// Deletes up to `limit` keys claimed before `before`. Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of idempotency keys, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdempotencyQueries: Send + Sync {
    /// The state of the key of `claim`, ignoring uses before `not_before`. Never waits.
    async fn find(&self, claim: &Claim, not_before: UtcDateTime) -> Result<KeyState, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idempotency_key_is_1_to_255_visible_ascii_characters() {
        for good in ["a", "!~", &"k".repeat(255)] {
            assert!(IdempotencyKey::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "ä", "a\n", "\u{7f}", &"k".repeat(256)] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
