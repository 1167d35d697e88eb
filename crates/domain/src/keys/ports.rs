use std::sync::Arc;

use async_trait::async_trait;

use super::{ApiKey, KeyId, KeyName, KeyPrefix};
use crate::accounts::Network;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// API keys within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait KeyRepository: Send {
    /// Inserts a new key, with the hash of its secret and not with the secret.
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError>;

    /// The current key, locked until the transaction ends. `None` if it is unknown or was deleted.
    async fn lock(&mut self, id: KeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Writes a locked key, but not when it was used last.
    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError>;

    /// How many keys are live at `now`: neither deleted nor expired.
    async fn count_live(&mut self, now: UtcDateTime) -> Result<u64, StoreError>;

    /// Records that a key was used, if that is newer than what is known by a minute. It is deferred.
    async fn used(&mut self, id: KeyId, from: Network, now: UtcDateTime) -> Result<(), StoreError>;
}

/// Reads of API keys, outside any transaction. Keys that were deleted are not found.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait KeyQueries: Send + Sync {
    /// The key with this prefix, at most one second old.
    async fn by_prefix(&self, prefix: &KeyPrefix) -> Result<Option<Arc<ApiKey>>, StoreError>;

    /// The key with this id; `None` if there is none.
    async fn get(&self, id: KeyId) -> Result<Option<ApiKey>, StoreError>;

    /// The names of those of these keys that there are, in any order.
    async fn names(&self, ids: &[KeyId]) -> Result<Vec<(KeyId, KeyName)>, StoreError>;

    /// A page of keys, in order of id: oldest first.
    async fn list(&self, page: &PageRequest) -> Result<Page<ApiKey>, StoreError>;
}
