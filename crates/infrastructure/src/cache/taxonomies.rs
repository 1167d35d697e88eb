use std::sync::Arc;

use application::attributes::{NamedTerm, Taxonomies};
use async_trait::async_trait;
use domain::StoreError;
use domain::terms::{Taxonomy, TermId, TermQueries};
use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;

use super::single_flight::SingleFlight;
use super::topic::State;
use super::{Changes, Subject};

/// How many taxonomies are kept, those of older states among them. A cache of one entry would not keep it.
const CAPACITY: u32 = 8;
/// How many names of terms are kept.
const NAMES: usize = 20_000;

/// Keeps all attributes and categories in memory, and names of terms: every list of a category asks for them, every facet
/// for a hundred names, and they change seldom.
///
/// A taxonomy belongs to the state of terms that was known before it was read. Many that ask at once wait for one read.
/// Errors are not kept.
pub struct CachedTaxonomies {
    queries: Arc<dyn TermQueries>,
    changes: Arc<Changes>,
    cache: SingleFlight<State, Arc<Taxonomy>>,
    names: Cache<(State, TermId), NamedTerm>,
}

impl CachedTaxonomies {
    /// Those that these queries read.
    pub fn new(queries: Arc<dyn TermQueries>, changes: Arc<Changes>) -> Self {
        let cache = SingleFlight::new(CAPACITY as usize, CAPACITY.into(), UnitWeighter);
        Self { queries, changes, cache, names: Cache::new(NAMES) }
    }
}

#[async_trait]
impl Taxonomies for CachedTaxonomies {
    async fn current(&self) -> Result<Arc<Taxonomy>, StoreError> {
        let state = self.changes.of(Subject::Terms).state();
        let read = async { Ok(Arc::new(self.queries.taxonomy().await?)) };
        self.cache.get_or_read(state, read).await
    }

    async fn named(&self, terms: &[TermId]) -> Result<Vec<NamedTerm>, StoreError> {
        let state = self.changes.of(Subject::Terms).state();
        let (mut named, mut missing) = (Vec::with_capacity(terms.len()), Vec::new());
        for id in terms {
            match self.names.get(&(state, *id)) {
                Some(name) => named.push(name),
                None => missing.push(*id),
            }
        }
        if missing.is_empty() {
            return Ok(named);
        }
        for term in self.queries.known(&missing).await? {
            let term = NamedTerm::from(term);
            self.names.insert((state, term.id), term.clone());
            named.push(term);
        }
        Ok(named)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use domain::attributes::AttributeId;
    use domain::slugs::Slug;
    use domain::terms::{MockTermQueries, Term, TermDetails, TermName};
    use domain::{UtcDateTime, Uuid};

    use super::*;

    #[tokio::test]
    async fn a_taxonomy_is_read_once_for_each_change_of_terms_however_often_it_is_asked_for_r202() {
        let mut queries = MockTermQueries::new();
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

    #[tokio::test]
    async fn a_name_of_a_term_is_read_once_for_each_change_of_terms_r221() {
        let (name, slug) = (TermName::parse("Blue").unwrap(), Slug::parse("blue").unwrap());
        let term = move |id: &TermId| {
            let details = TermDetails::named(name.clone());
            Term::new(*id, AttributeId(Uuid::nil()), details, slug.clone(), UtcDateTime::UNIX_EPOCH)
        };
        let [one, other, gone] = [1, 2, 3].map(|n| TermId(Uuid::from_u128(n)));
        let mut queries = MockTermQueries::new();
        for asked in [vec![one, gone], vec![gone, other], vec![other]] {
            let known = asked.iter().filter(|id| **id != gone).map(&term).collect();
            queries.expect_known().withf(move |ids| *ids == asked[..]).once().return_once(|_| Ok(known));
        }
        let changes = Arc::new(Changes::default());
        let taxonomies = CachedTaxonomies::new(Arc::new(queries), changes.clone());
        let named = async |ids: &[TermId]| {
            changes.looked(Instant::now(), |_| false);
            let mut named: Vec<_> = taxonomies.named(ids).await.unwrap().into_iter().map(|term| term.id).collect();
            named.sort_unstable();
            named
        };
        assert_eq!(named(&[one, gone]).await, [one]);
        assert_eq!(named(&[one, gone, other]).await, [one, other]);
        assert_eq!(named(&[other, one]).await, [one, other]);
        changes.of(Subject::Terms).changed();
        assert_eq!(named(&[other]).await, [other]);
    }

    #[test]
    fn cached_lists_of_new_products_have_their_terms_r203() {
        assert!(Subject::Terms < Subject::Products, "the topics change in this order");
        let order = Subject::ALL.map(Subject::name);
        let place = |name| order.iter().position(|other| *other == name);
        assert!(place("terms") < place("products"));
    }
}
