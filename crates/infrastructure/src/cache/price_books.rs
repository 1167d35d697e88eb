use std::sync::Arc;

use application::checkout::PriceBooks;
use async_trait::async_trait;
use domain::StoreError;
use domain::pricing::{PriceBook, PricingQueries, PricingSettings};
use quick_cache::UnitWeighter;

use super::single_flight::SingleFlight;
use super::topic::State;
use super::{Changes, Subject};

/// How many books are kept, those of older states among them. A cache of one entry would not keep it.
const CAPACITY: u32 = 32;

/// Keeps the price book in memory: every quote and every order asks for it, and it changes seldom.
///
/// A book belongs to the state of prices that was known before it was read. Many that ask at once wait for one read.
/// Errors are not kept.
pub struct CachedPriceBooks {
    queries: Arc<dyn PricingQueries>,
    settings: Arc<PricingSettings>,
    changes: Arc<Changes>,
    cache: SingleFlight<State, Arc<PriceBook>>,
}

impl CachedPriceBooks {
    /// The books of a shop with these settings.
    pub fn new(queries: Arc<dyn PricingQueries>, settings: PricingSettings, changes: Arc<Changes>) -> Self {
        let cache = SingleFlight::new(CAPACITY as usize, CAPACITY.into(), UnitWeighter);
        Self { queries, settings: Arc::new(settings), changes, cache }
    }
}

#[async_trait]
impl PriceBooks for CachedPriceBooks {
    async fn current(&self) -> Result<Arc<PriceBook>, StoreError> {
        let state = self.changes.of(Subject::Pricing).state();
        let read = async { Ok(Arc::new(PriceBook::new(self.settings.clone(), self.queries.data().await?))) };
        self.cache.get_or_read(state, read).await
    }
}

#[cfg(test)]
mod tests;
