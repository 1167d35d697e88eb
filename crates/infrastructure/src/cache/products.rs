use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use application::{ProductResponses, Render, Rendered};
use async_trait::async_trait;
use domain::StoreError;
use metrics::{Counter, counter, describe_counter};
use quick_cache::{Equivalent, Weighter};

use super::single_flight::{Outcome, SingleFlight};
use super::topic::State;
use super::{Changes, Subject};

/// What the cache itself needs for an entry, in bytes, about.
const OVERHEAD: usize = 256;
/// The size of a usual entry, in bytes.
const USUAL: u64 = 4096;

/// Keeps rendered responses about products in memory.
///
/// A response belongs to the state of the products that was known before it was read. What was read before a change is
/// kept under the old state, where nobody finds it, even if its read ends after the change.
pub struct CachedProductResponses<R> {
    changes: Arc<Changes>,
    cache: SingleFlight<Key, Option<Arc<R>>, Bytes>,
    cleaned: AtomicU64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key(State, String);

/// A [`Key`] to look up, which has the same hash.
#[derive(Hash)]
struct KeyRef<'a>(State, &'a str);

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.0 && self.1 == key.1
    }
}

/// How often a response about products was looked up.
const LOOKUPS: &str = "storekeeper_product_cache_total";

static HITS: LazyLock<Counter> = LazyLock::new(|| counted("hit"));
static MISSES: LazyLock<Counter> = LazyLock::new(|| counted("miss"));

/// Looking a counter up costs more than counting.
fn counted(outcome: &'static str) -> Counter {
    counter!(LOOKUPS, "outcome" => outcome)
}

/// Describes what is counted here, and begins with 0. To be called once there is a recorder.
pub fn describe_metrics() {
    describe_counter!(LOOKUPS, "Lookups of responses about products in memory, by outcome.");
    for counter in [&HITS, &MISSES] {
        counter.absolute(0);
    }
}

impl<R: Rendered> CachedProductResponses<R> {
    /// A cache of at most `bytes` bytes.
    pub fn new(changes: Arc<Changes>, bytes: u64) -> Self {
        let usual = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        Self { changes, cache: SingleFlight::new(usual, bytes, Bytes), cleaned: AtomicU64::new(0) }
    }

    /// Removes the responses of older states. No request asks for them any more.
    fn clean(&self, state: State) {
        if self.cleaned.load(Ordering::Acquire) < state.changes
            && self.cleaned.fetch_max(state.changes, Ordering::AcqRel) < state.changes
        {
            self.cache.clear();
        }
    }
}

#[async_trait]
impl<R: Rendered> ProductResponses<R> for CachedProductResponses<R> {
    fn find(&self, key: &str) -> Option<Arc<R>> {
        let response = self.cache.find(&KeyRef(self.changes.of(Subject::Products).state(), key)).flatten()?;
        HITS.increment(1);
        Some(response)
    }

    async fn get_or_render<'a>(&self, key: String, render: Render<'a, R>) -> Result<Option<Arc<R>>, StoreError> {
        let state = self.changes.of(Subject::Products).state();
        self.clean(state);
        let mut counter = &HITS;
        let read = async {
            counter = &MISSES;
            render.await.map(|response| response.map(Arc::new))
        };
        let response = self.cache.get_or_read(Key(state, key), read).await;
        counter.increment(1);
        response
    }

    fn forget(&self, key: &str) {
        self.cache.forget(&KeyRef(self.changes.of(Subject::Products).state(), key));
    }
}

/// Weighs an entry by its bytes.
#[derive(Clone)]
struct Bytes;

impl<R: Rendered> Weighter<Key, Outcome<Option<Arc<R>>>> for Bytes {
    fn weight(&self, Key(_, key): &Key, response: &Outcome<Option<Arc<R>>>) -> u64 {
        let size = response.iter().flatten().map(|response| response.size()).sum::<usize>();
        u64::try_from(OVERHEAD + key.len() + size).unwrap_or(u64::MAX)
    }
}

/// Keeps nothing.
pub struct NoProductResponses;

#[async_trait]
impl<R: Rendered> ProductResponses<R> for NoProductResponses {
    fn find(&self, _: &str) -> Option<Arc<R>> {
        None
    }

    async fn get_or_render<'a>(&self, _: String, render: Render<'a, R>) -> Result<Option<Arc<R>>, StoreError> {
        Ok(render.await?.map(Arc::new))
    }

    fn forget(&self, _: &str) {}
}

#[cfg(test)]
mod tests;
