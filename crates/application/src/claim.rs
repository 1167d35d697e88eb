use std::fmt;

use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::{Code, Invalid, Rule, Ruled, StoreError, UtcDateTime};

/// A client's name for one request, so that it can be sent again: 1 to 255 visible ASCII characters.
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

/// What a request says, as a keyed hash: no password can be found from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

/// The claim of a request to be run once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose key it is; `None` for a caller without an account.
    pub account_id: Option<AccountId>,
    /// The key.
    pub key: IdempotencyKey,
    /// What the request says.
    pub fingerprint: Fingerprint,
}

/// An answer, ready to be sent, now or again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Location` of what was created.
    pub location: Option<String>,
    /// The `ETag` of the body.
    pub etag: Option<String>,
    /// The body: JSON, without any secret.
    pub body: Vec<u8>,
    /// The customer whose personal data the body holds, if it holds any.
    pub personal_to: Option<CustomerId>,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody used the key before: the request is to be run.
    New,
    /// The key was used before, by a request with this fingerprint, and this was its answer.
    Before(Fingerprint, Answer),
    /// The key was used before, and the answer went with the customer whose personal data was in it.
    Erased,
    /// The key is held by a request that still runs.
    Running,
}

/// Idempotency keys within a transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdempotencyRepository: Send {
    /// Claims a key, if nobody used it since `not_before`; waits a moment for one who is using it. An older use of the
    /// key is forgotten.
    async fn claim(&mut self, claim: &Claim, now: UtcDateTime, not_before: UtcDateTime) -> Result<Claimed, StoreError>;

    /// Keeps a claim with its answer, on the bet that nobody has used the key, at the latest with the commit. If somebody
    /// has, what it is sent with is `Raced`; [`IdempotencyRepository::claim`], in another transaction, says more.
    async fn keep_new(&mut self, claim: &Claim, answer: &Answer, now: UtcDateTime) -> Result<(), StoreError>;

    /// Keeps the answer to a claim made in the same transaction.
    async fn answer(&mut self, claim: &Claim, answer: &Answer) -> Result<(), StoreError>;

    /// Erases every answer that holds personal data of a customer. The keys stay used.
    async fn erase(&mut self, customer_id: CustomerId) -> Result<(), StoreError>;

    /// Forgets up to `limit` keys claimed before `before`; says how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
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
