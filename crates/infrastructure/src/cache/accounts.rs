use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::accounts::{
    Access, Account, AccountId, AccountQueries, AccountWithCustomer, FailureCount, Network, ThrottleKey, Username,
};
use domain::{Page, PageRequest, StoreError};
use foldhash::quality::RandomState;
use moka::future::Cache;

use super::topic::State;
use super::{Changes, Subject};
use crate::shared::shared;

const CAPACITY: u64 = 100_000;

/// How long an answer is kept at most. Changes end it earlier; this is the last resort should another server's clock be wrong,
/// or an operator change an account by hand.
const LIFE: Duration = Duration::from_secs(20);

/// Keeps what accounts may do: every request with a token asks for it.
///
/// An answer belongs to the state of all accounts that was known before it was asked for. Accounts change seldom, and one
/// statement brings each of them back. Many that ask at once for the same account wait for one answer. Errors are not kept.
pub struct CachedAccounts {
    queries: Arc<dyn AccountQueries>,
    changes: Arc<Changes>,
    cache: Cache<Key, Option<Access>, RandomState>,
}

#[derive(PartialEq, Eq, Hash)]
struct Key(State, AccountId);

impl CachedAccounts {
    /// A cache before `queries`.
    pub fn new(queries: Arc<dyn AccountQueries>, changes: Arc<Changes>) -> Self {
        let cache = Cache::builder().max_capacity(CAPACITY).time_to_live(LIFE);
        Self { queries, changes, cache: cache.build_with_hasher(RandomState::default()) }
    }
}

#[async_trait]
impl AccountQueries for CachedAccounts {
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        self.queries.by_username(username).await
    }

    async fn access(&self, id: AccountId) -> Result<Option<Access>, StoreError> {
        let key = Key(self.changes.of(Subject::Access).state(), id);
        // Most often it is there, and to look is less work than to get ready to ask.
        if let Some(access) = self.cache.get(&key).await {
            return Ok(access);
        }
        self.cache.try_get_with(key, self.queries.access(id)).await.map_err(shared)
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<AccountWithCustomer>, StoreError> {
        self.queries.list(page).await
    }

    async fn with_customer(&self, id: AccountId) -> Result<Option<AccountWithCustomer>, StoreError> {
        self.queries.with_customer(id).await
    }

    async fn knows(&self, id: AccountId, network: Network) -> Result<bool, StoreError> {
        self.queries.knows(id, network).await
    }

    async fn login_failures(&self, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError> {
        self.queries.login_failures(keys).await
    }
}

#[cfg(test)]
mod tests;
