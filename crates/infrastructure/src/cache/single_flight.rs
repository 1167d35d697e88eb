use std::hash::Hash;
use std::sync::Arc;

use domain::StoreError;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, UnitWeighter, Weighter};

use crate::shared::shared;

/// Keeps what was read. Many who ask for one key at once wait for one read, and all get its error if it fails. Errors
/// are not kept.
pub(super) struct SingleFlight<K, V, W = UnitWeighter>(Cache<K, Outcome<V>, W>);

/// What a read gave. The error is shared by those who wait for it.
pub(super) type Outcome<V> = Result<V, Arc<StoreError>>;

impl<K: Eq + Hash + Clone, V: Clone, W: Weighter<K, Outcome<V>> + Clone> SingleFlight<K, V, W> {
    /// Keeps about `entries` entries, which together weigh at most `weight`.
    pub(super) fn new(entries: usize, weight: u64, weighter: W) -> Self {
        Self(Cache::with_weighter(entries, weight, weighter))
    }

    /// What is kept under `key`.
    pub(super) fn find<Q: Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.0.get(key)?.ok()
    }

    /// What is kept under `key`, or else what `read` gives.
    pub(super) async fn get_or_read(
        &self,
        key: K,
        read: impl Future<Output = Result<V, StoreError>>,
    ) -> Result<V, StoreError> {
        let fill = async { Ok::<_, Arc<StoreError>>(read.await.map_err(Arc::new)) };
        let outcome = self.0.get_or_insert_async(&key, fill).await.and_then(|outcome| outcome);
        outcome.map_err(|error| {
            self.0.remove_if(&key, Result::is_err);
            shared(error)
        })
    }

    /// Forgets what is kept under `key`.
    pub(super) fn forget<Q: Hash + Equivalent<K>>(&self, key: &Q) {
        self.0.remove(key);
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.0.clear();
    }

    #[cfg(test)]
    pub(super) fn weight(&self) -> u64 {
        self.0.weight()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    fn cache() -> Arc<SingleFlight<u32, u32>> {
        Arc::new(SingleFlight::new(100, 100, UnitWeighter))
    }

    #[tokio::test]
    async fn all_who_wait_for_a_read_that_fails_get_its_error_and_the_next_reads_again_r71() {
        let (cache, go_on, reads) = (cache(), Arc::new(Notify::new()), Arc::new(AtomicU32::new(0)));
        let ask = |_| {
            let (cache, go_on, reads) = (cache.clone(), go_on.clone(), reads.clone());
            tokio::spawn(async move {
                let read = async {
                    reads.fetch_add(1, Ordering::SeqCst);
                    go_on.notified().await;
                    Err(StoreError::Unavailable("away".into()))
                };
                cache.get_or_read(1, read).await
            })
        };
        let asked: Vec<_> = (0..50).map(ask).collect();
        // On a runtime of one thread all of them wait now.
        tokio::task::yield_now().await;
        go_on.notify_one();
        for task in asked {
            assert!(matches!(task.await.unwrap(), Err(StoreError::Unavailable(_))));
        }
        assert_eq!(reads.load(Ordering::SeqCst), 1);
        assert_eq!(cache.get_or_read(1, async { Ok(7) }).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_waiting_reader_takes_over_when_the_first_one_is_dropped_r71() {
        let cache = cache();
        let gone = tokio::spawn({
            let cache = cache.clone();
            async move { cache.get_or_read(1, std::future::pending()).await }
        });
        tokio::task::yield_now().await;
        let waits = tokio::spawn({
            let cache = cache.clone();
            async move { cache.get_or_read(1, async { Ok(2) }).await }
        });
        tokio::task::yield_now().await;
        gone.abort();
        assert_eq!(waits.await.unwrap().unwrap(), 2);
    }
}
