use std::sync::Arc;

use application::media::MediaUse;
use async_trait::async_trait;
use domain::StoreError;
use domain::media::MediaQueries;
use quick_cache::UnitWeighter;

use super::single_flight::SingleFlight;
use super::topic::State;
use super::{Changes, Subject};

/// How many answers are kept, those of older states among them. A cache of one entry would not keep it.
const CAPACITY: u32 = 8;

/// Keeps in memory whether anything has a picture, so that a shop without pictures never looks for any.
pub struct CachedMediaUse {
    queries: Arc<dyn MediaQueries>,
    changes: Arc<Changes>,
    cache: SingleFlight<State, bool>,
}

impl CachedMediaUse {
    /// What these queries say.
    pub fn new(queries: Arc<dyn MediaQueries>, changes: Arc<Changes>) -> Self {
        Self { queries, changes, cache: SingleFlight::new(CAPACITY as usize, CAPACITY.into(), UnitWeighter) }
    }
}

#[async_trait]
impl MediaUse for CachedMediaUse {
    async fn is_used(&self) -> Result<bool, StoreError> {
        let state = self.changes.of(Subject::Media).state();
        self.cache.get_or_read(state, async { self.queries.is_used().await }).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use domain::media::MockMediaQueries;

    use super::*;

    #[tokio::test]
    async fn the_cache_is_read_once_for_each_change_of_pictures_r211() {
        let mut queries = MockMediaQueries::new();
        queries.expect_is_used().times(2).returning(|| Ok(false));
        let changes = Arc::new(Changes::default());
        let used = CachedMediaUse::new(Arc::new(queries), changes.clone());
        for _ in 0..2 {
            for _ in 0..20 {
                changes.looked(Instant::now(), |_| false);
                assert!(!used.is_used().await.unwrap());
            }
            changes.of(Subject::Products).changed();
            changes.of(Subject::Media).changed();
        }
    }

    #[test]
    fn cached_lists_of_new_products_have_their_pictures_r211() {
        assert!(Subject::Media < Subject::Products, "the topics change in this order");
    }
}
