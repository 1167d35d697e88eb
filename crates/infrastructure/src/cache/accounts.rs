use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::accounts::{
    Access, Account, AccountId, AccountQueries, AccountWithCustomer, FailureCount, Network, ThrottleKey, Username,
};
use domain::{Page, PageRequest, StoreError};
use foldhash::quality::RandomState;
use moka::Expiry;
use moka::future::Cache;

use crate::shared::shared;

const CAPACITY: u64 = 100_000;

/// How old an answer may be. On another server of the same database a change is seen within a second.
const LIFE: Duration = Duration::from_millis(900);

/// Keeps what accounts may do for less than a second: every request with a token asks for it.
///
/// Many that ask at once for the same account wait for one answer. Errors are not kept. Whoever changes an account
/// calls [`CachedAccounts::forget`] after the commit, so that this server knows at once.
pub struct CachedAccounts {
    queries: Arc<dyn AccountQueries>,
    cache: Cache<Key, Answer, RandomState>,
    generation: AtomicU64,
}

/// An account within a generation. What was asked for before something was forgotten is kept under an older
/// generation, where nobody finds it, even if its answer comes after.
#[derive(PartialEq, Eq, Hash)]
struct Key(u64, AccountId);

#[derive(Clone, Copy)]
struct Answer {
    asked_at: Instant,
    access: Option<Access>,
}

struct SinceAsked;

impl Expiry<Key, Answer> for SinceAsked {
    fn expire_after_create(&self, _: &Key, answer: &Answer, _: Instant) -> Option<Duration> {
        Some(LIFE.saturating_sub(answer.asked_at.elapsed()))
    }
}

impl CachedAccounts {
    /// A cache before `queries`.
    pub fn new(queries: Arc<dyn AccountQueries>) -> Self {
        let cache = Cache::builder().max_capacity(CAPACITY).expire_after(SinceAsked);
        let cache = cache.build_with_hasher(RandomState::default());
        Self { queries, cache, generation: AtomicU64::new(0) }
    }

    /// Forgets every account: accounts change seldom, and one statement brings each of them back.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

#[async_trait]
impl AccountQueries for CachedAccounts {
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        self.queries.by_username(username).await
    }

    async fn access(&self, id: AccountId) -> Result<Option<Access>, StoreError> {
        let key = Key(self.generation.load(Ordering::Acquire), id);
        // Most often it is there, and to look is less work than to get ready to ask.
        if let Some(answer) = self.cache.get(&key).await {
            return Ok(answer.access);
        }
        let ask = async {
            let asked_at = Instant::now();
            self.queries.access(id).await.map(|access| Answer { asked_at, access })
        };
        self.cache.try_get_with(key, ask).await.map(|answer| answer.access).map_err(shared)
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
