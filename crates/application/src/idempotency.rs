use std::fmt;

use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::{Code, Invalid, Rule, Ruled, StoreError, UtcDateTime};

/// A name that a client gives to one request, so that it can safely send the request again: 1 to 255 visible ASCII
/// characters.
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
    /// If it is empty, too long, or holds anything but visible ASCII.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if (1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic()) {
            return Ok(Self(raw.to_owned()));
        }
        Err(Invalid::new(Code::Format, "must have 1 to 255 visible ASCII characters"))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ruled for IdempotencyKey {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: 1, max: Self::MAX }
    }
}

/// A keyed hash (HMAC) of a request. It tells requests apart without storing what they hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

/// A request that is to run once for its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose key it is; `None` for a caller without an account.
    pub account_id: Option<AccountId>,
    /// The key.
    pub key: IdempotencyKey,
    /// The hash of the request.
    pub fingerprint: Fingerprint,
}

/// The response to a request as it is stored with its key. Only the adapter that made it can read `content`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The whole response, without any secret.
    pub content: Vec<u8>,
    /// The customer whose personal data it holds, if it holds any.
    pub personal_to: Option<CustomerId>,
}

/// A response that can be stored, to be given again.
pub trait Storable: Send {
    /// The response as it is stored.
    fn to_stored(&self) -> StoredResponse;
}

impl Storable for StoredResponse {
    fn to_stored(&self) -> StoredResponse {
        self.clone()
    }
}

/// What is known about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Nobody has used it: the request is to be run.
    New,
    /// A request with this fingerprint has used it, and this was its response.
    Used(Fingerprint, StoredResponse),
    /// It was used, and the response was erased with the customer whose personal data it held.
    Erased,
    /// A request that still runs holds it.
    Running,
}

/// Idempotency keys within a transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdempotencyRepository: Send {
    /// Claims a key that was not used since `not_before`, and waits a moment for another transaction that is using it.
    /// On an optimistic attempt the store may assume that the key is new.
    ///
    /// # Errors
    /// `Raced`, at the latest at the commit, if the key was assumed to be new and is not.
    async fn claim(&mut self, claim: &Claim, now: UtcDateTime, not_before: UtcDateTime)
    -> Result<KeyState, StoreError>;

    /// Stores the response to a request whose claim was `New` in this transaction.
    async fn store(&mut self, claim: &Claim, response: &StoredResponse, now: UtcDateTime) -> Result<(), StoreError>;

    /// Erases every response that holds personal data of a customer. The keys stay used.
    async fn erase(&mut self, customer_id: CustomerId) -> Result<(), StoreError>;

    /// Deletes up to `limit` keys claimed before `before`; answers how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of idempotency keys, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdempotencyQueries: Send + Sync {
    /// What is known about the key of `claim`, if it was used since `not_before`. Never waits.
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
