use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use application::{ProductResponses, Render, Rendered};
use async_trait::async_trait;
use domain::StoreError;
use foldhash::quality::RandomState;
use metrics::{Counter, counter};
use moka::future::Cache;

use super::topic::State;
use super::{Changes, Subject};
use crate::shared::shared;

/// What the cache itself needs for an entry, in bytes, about.
const OVERHEAD: usize = 256;

/// How long a response is kept at most. Changes end it earlier; this is for what nobody asks for any more, and the last
/// resort should the clocks of two servers be far apart.
const LIFE: Duration = Duration::from_mins(1);

/// Keeps rendered responses about products in memory.
///
/// A response belongs to the state of the products that was known before it was read. What was read before a change is
/// kept under the old state, where nobody finds it, even if its read ends after the change.
pub struct CachedProductResponses<R> {
    changes: Arc<Changes>,
    cache: Cache<Key, Option<Arc<R>>, RandomState>,
    cleaned: AtomicU64,
}

#[derive(PartialEq, Eq, Hash)]
struct Key(State, String);

static HITS: LazyLock<Counter> = LazyLock::new(|| counted("hit"));
static MISSES: LazyLock<Counter> = LazyLock::new(|| counted("miss"));

/// Looking a counter up costs more than counting.
fn counted(outcome: &'static str) -> Counter {
    counter!("product_cache_total", "outcome" => outcome)
}

impl<R: Rendered> CachedProductResponses<R> {
    /// A cache of at most `bytes` bytes.
    pub fn new(changes: Arc<Changes>, bytes: u64) -> Self {
        let cache = Cache::builder().max_capacity(bytes).weigher(weigh).time_to_live(LIFE);
        let cache = cache.build_with_hasher(RandomState::default());
        Self { changes, cache, cleaned: AtomicU64::new(0) }
    }

    /// Makes room of what belongs to older states: often asked for as it was, it would keep the new out.
    fn clean(&self, state: State) {
        if self.cleaned.fetch_max(state.changes, Ordering::AcqRel) < state.changes {
            self.cache.invalidate_all();
        }
    }
}

#[async_trait]
impl<R: Rendered> ProductResponses<R> for CachedProductResponses<R> {
    async fn get_or_render<'a>(&self, key: String, render: Render<'a, R>) -> Result<Option<Arc<R>>, StoreError> {
        let state = self.changes.of(Subject::Products).state();
        self.clean(state);
        let key = Key(state, key);
        // Most often it is there, and a look costs less than an entry to fill.
        if let Some(response) = self.cache.get(&key).await {
            HITS.increment(1);
            return Ok(response);
        }
        let fill = async { render.await.map(|response| response.map(Arc::new)) };
        let entry = self.cache.entry(key).or_try_insert_with(fill).await.map_err(shared)?;
        if entry.is_fresh() { &MISSES } else { &HITS }.increment(1);
        Ok(entry.into_value())
    }
}

#[allow(clippy::ref_option, reason = "moka asks for the types as they are")]
fn weigh<R: Rendered>(Key(_, key): &Key, response: &Option<Arc<R>>) -> u32 {
    let size = response.as_ref().map_or(0, |response| response.size());
    u32::try_from(OVERHEAD + key.len() + size).unwrap_or(u32::MAX)
}

/// Keeps nothing.
pub struct NoProductResponses;

#[async_trait]
impl<R: Rendered> ProductResponses<R> for NoProductResponses {
    async fn get_or_render<'a>(&self, _: String, render: Render<'a, R>) -> Result<Option<Arc<R>>, StoreError> {
        Ok(render.await?.map(Arc::new))
    }
}

#[cfg(test)]
mod tests;
