use actix_governor::governor::nanos::Nanos;
use actix_governor::governor::state::StateStore;
use actix_governor::governor::state::keyed::{DefaultKeyedStateStore, ShrinkableKeyedStateStore};
use foldhash::quality::RandomState;

use super::Key;

/// What is kept of each bucket that is not full, up to a number of buckets.
pub(super) struct Store {
    buckets: DefaultKeyedStateStore<Key, RandomState>,
    most: usize,
}

impl Store {
    pub(super) fn new(most: usize) -> Self {
        Self { buckets: DefaultKeyedStateStore::with_hasher(RandomState::default()), most }
    }
}

impl StateStore for Store {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.buckets.measure_and_replace(key, f)
    }
}

impl ShrinkableKeyedStateStore<Key> for Store {
    /// Forgets the buckets that are full again. If there were too many and more than half of them stay, it forgets all, so
    /// that the next look is not needed at once.
    fn retain_recent(&self, drop_below: Nanos) {
        let is_crowded = self.buckets.len() > self.most;
        self.buckets.retain_recent(drop_below);
        if is_crowded && self.buckets.len() > self.most / 2 {
            self.buckets.clear();
        }
    }

    fn shrink_to_fit(&self) {
        self.buckets.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.buckets.len()
    }

    fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }
}
