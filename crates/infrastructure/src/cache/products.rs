use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use application::{Make, ProductAnswers, Ready};
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

/// How long an answer is kept at most. Changes end it earlier; this is for what nobody asks for any more, and the last
/// resort should the clocks of two servers be far apart.
const LIFE: Duration = Duration::from_mins(1);

/// Keeps answers about products in memory.
///
/// An answer belongs to the state of the products that was known before it was read. What was read before a change is
/// kept under the old state, where nobody finds it, even if its read ends after the change.
pub struct CachedProductAnswers {
    changes: Arc<Changes>,
    cache: Cache<Key, Option<Arc<Ready>>, RandomState>,
    cleaned: AtomicU64,
}

#[derive(PartialEq, Eq, Hash)]
struct Key(State, String);

static HITS: LazyLock<Counter> = LazyLock::new(|| counted("hit"));
static MISSES: LazyLock<Counter> = LazyLock::new(|| counted("miss"));

/// To look a counter up costs more than to count.
fn counted(outcome: &'static str) -> Counter {
    counter!("product_cache_total", "outcome" => outcome)
}

impl CachedProductAnswers {
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
impl ProductAnswers for CachedProductAnswers {
    async fn answer<'a>(&self, question: String, make: Make<'a>) -> Result<Option<Arc<Ready>>, StoreError> {
        let state = self.changes.of(Subject::Products).state();
        self.clean(state);
        let key = Key(state, question);
        // Most often it is there, and to look is less work than to get ready to make it.
        if let Some(ready) = self.cache.get(&key).await {
            HITS.increment(1);
            return Ok(ready);
        }
        let fill = async { make.await.map(|ready| ready.map(Arc::new)) };
        let entry = self.cache.entry(key).or_try_insert_with(fill).await.map_err(shared)?;
        if entry.is_fresh() { &MISSES } else { &HITS }.increment(1);
        Ok(entry.into_value())
    }
}

#[allow(clippy::ref_option, reason = "moka asks for the types as they are")]
fn weigh(Key(_, question): &Key, ready: &Option<Arc<Ready>>) -> u32 {
    let body = ready
        .as_ref()
        .map_or(0, |ready| ready.body.len() + ready.etag.len() + ready.link.as_ref().map_or(0, String::len));
    u32::try_from(OVERHEAD + question.len() + body).unwrap_or(u32::MAX)
}

/// Keeps nothing.
pub struct NoProductAnswers;

#[async_trait]
impl ProductAnswers for NoProductAnswers {
    async fn answer<'a>(&self, _: String, make: Make<'a>) -> Result<Option<Arc<Ready>>, StoreError> {
        Ok(make.await?.map(Arc::new))
    }
}

#[cfg(test)]
mod tests;
