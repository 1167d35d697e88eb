use async_trait::async_trait;

use super::{Session, SessionId};
use crate::accounts::{AccountId, TokenHash};
use crate::{StoreError, UtcDateTime};

/// Sessions within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// Inserts a new session, with the hash of its secret and not with the secret.
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Writes when a session was used, and when it ends. One that is gone stays gone.
    async fn used(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Deletes a session of an account. Returns whether there was one.
    async fn end(&mut self, id: SessionId, of: AccountId) -> Result<bool, StoreError>;

    /// Deletes up to `limit` sessions that expired before `now`. Returns how many.
    async fn purge(&mut self, now: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of sessions, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait SessionQueries: Send + Sync {
    /// The session whose secret has this hash.
    async fn by_hash(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError>;

    /// The sessions of an account that have not expired at `now`, newest first.
    async fn of_account(&self, id: AccountId, now: UtcDateTime) -> Result<Vec<Session>, StoreError>;
}
