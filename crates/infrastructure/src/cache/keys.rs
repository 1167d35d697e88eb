use std::sync::Arc;

use async_trait::async_trait;
use domain::keys::{ApiKey, KeyId, KeyName, KeyPrefix, KeyQueries};
use domain::{Page, PageRequest, StoreError};
use quick_cache::UnitWeighter;

use super::single_flight::SingleFlight;
use super::topic::State;
use super::{Changes, Subject};

/// How many prefixes are kept. A shop has few keys; the others are of callers who guess.
const CAPACITY: u32 = 10_000;

/// Keeps API keys by their prefixes: every request with a key asks for one. An answer belongs to the state of accounts and
/// keys that was known before it was asked for.
pub struct CachedKeys {
    queries: Arc<dyn KeyQueries>,
    changes: Arc<Changes>,
    cache: SingleFlight<(State, KeyPrefix), Option<Arc<ApiKey>>>,
}

impl CachedKeys {
    /// A cache before `queries`.
    pub fn new(queries: Arc<dyn KeyQueries>, changes: Arc<Changes>) -> Self {
        Self { queries, changes, cache: SingleFlight::new(CAPACITY as usize, CAPACITY.into(), UnitWeighter) }
    }
}

#[async_trait]
impl KeyQueries for CachedKeys {
    async fn by_prefix(&self, prefix: &KeyPrefix) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let key = (self.changes.of(Subject::Access).state(), prefix.clone());
        if let Some(known) = self.cache.find(&key) {
            return Ok(known);
        }
        Box::pin(self.cache.get_or_read(key, self.queries.by_prefix(prefix))).await
    }

    async fn get(&self, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        self.queries.get(id).await
    }

    async fn names(&self, ids: &[KeyId]) -> Result<Vec<(KeyId, KeyName)>, StoreError> {
        self.queries.names(ids).await
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<ApiKey>, StoreError> {
        self.queries.list(page).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use domain::Uuid;
    use domain::access::{Noun, Scope, Scopes};
    use domain::keys::{KeyClaim, KeyDetails, KeyHash, MockKeyQueries, Principal};

    use super::*;

    fn key() -> Arc<ApiKey> {
        let details = KeyDetails {
            name: KeyName::parse("ERP").unwrap(),
            scopes: Scopes::of(Scope::Read(Noun::Orders)),
            expires_at: None,
        };
        let claim = KeyClaim { prefix: prefix(), hash: KeyHash([1; 32]) };
        let made_by = Principal::of(Uuid::nil(), false);
        Arc::new(ApiKey::new(Uuid::from_u128(1), details, claim, made_by, domain::UtcDateTime::UNIX_EPOCH).unwrap())
    }

    fn prefix() -> KeyPrefix {
        KeyPrefix::from_trusted("abcdefgh".into())
    }

    #[tokio::test]
    async fn a_key_is_read_once_until_accounts_or_keys_change_r258_r259() {
        let mut queries = MockKeyQueries::new();
        queries.expect_by_prefix().times(1).returning(|_| Ok(Some(key())));
        queries.expect_by_prefix().times(1).returning(|_| Ok(None));
        let changes = Arc::new(Changes::default());
        changes.looked(Instant::now(), |_| false);
        let cached = CachedKeys::new(Arc::new(queries), changes.clone());
        for _ in 0..3 {
            assert!(cached.by_prefix(&prefix()).await.unwrap().is_some());
        }
        changes.of(Subject::Access).changed();
        for _ in 0..3 {
            assert!(cached.by_prefix(&prefix()).await.unwrap().is_none(), "it was deleted");
        }
    }
}
