use std::sync::Arc;

use application::attributes::Taxonomies;
use async_trait::async_trait;
use domain::StoreError;
use domain::attributes::{AttributeQueries, Taxonomy};
use quick_cache::UnitWeighter;

use super::single_flight::SingleFlight;
use super::topic::State;
use super::{Changes, Subject};

/// How many taxonomies are kept, those of older states among them. A cache of one entry would not keep it.
const CAPACITY: u32 = 8;

/// Keeps all attributes and categories in memory: every list of a category asks for them, and they change seldom.
///
/// A taxonomy belongs to the state of terms that was known before it was read. Many that ask at once wait for one read.
/// Errors are not kept.
pub struct CachedTaxonomies {
    queries: Arc<dyn AttributeQueries>,
    changes: Arc<Changes>,
    cache: SingleFlight<State, Arc<Taxonomy>>,
}

impl CachedTaxonomies {
    /// Those that these queries read.
    pub fn new(queries: Arc<dyn AttributeQueries>, changes: Arc<Changes>) -> Self {
        Self { queries, changes, cache: SingleFlight::new(CAPACITY as usize, CAPACITY.into(), UnitWeighter) }
    }
}

#[async_trait]
impl Taxonomies for CachedTaxonomies {
    async fn current(&self) -> Result<Arc<Taxonomy>, StoreError> {
        let state = self.changes.of(Subject::Terms).state();
        let read = async { Ok(Arc::new(self.queries.taxonomy().await?)) };
        self.cache.get_or_read(state, read).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use domain::attributes::MockAttributeQueries;

    use super::*;

    #[tokio::test]
    async fn a_taxonomy_is_read_once_for_each_change_of_terms_however_often_it_is_asked_for_r202() {
        let mut queries = MockAttributeQueries::new();
        queries.expect_taxonomy().times(3).returning(|| Ok(Taxonomy::default()));
        let changes = Arc::new(Changes::default());
        let taxonomies = CachedTaxonomies::new(Arc::new(queries), changes.clone());
        for _ in 0..3 {
            for _ in 0..20 {
                changes.looked(Instant::now(), |_| false);
                assert!(!taxonomies.current().await.unwrap().is_used());
            }
            changes.of(Subject::Products).changed();
            changes.of(Subject::Terms).changed();
        }
    }

    #[test]
    fn what_is_rendered_of_new_products_knows_the_new_terms_r203() {
        assert!(Subject::Terms < Subject::Products, "the topics change in this order");
        let order = Subject::ALL.map(Subject::name);
        let place = |name| order.iter().position(|other| *other == name);
        assert!(place("terms") < place("products"));
    }
}
