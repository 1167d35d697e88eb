//! The index of the catalogue: what is counted of products, and the words of their names, in memory.
//!
//! It is made when somebody first asks for counts, in the background. After that each question first reads again the
//! products that have changed since the last one, here or on other servers. When it is not known which have, it is made
//! anew. A list of few products is counted without it.

mod bits;
mod codes;
mod columns;
mod counting;
mod making;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::catalogue::{CatalogueCounts, CatalogueQueries, Counts, Facet, IndexState, Question};
use domain::products::{Collected, ProductFilter, ProductId};
use domain::{SearchText, StoreError, Uuid};
use roaring::RoaringBitmap;
use tokio::sync::Mutex;

use self::columns::Columns;
use self::making::Maker;
use crate::cache::{Changes, Subject};

/// The most products of a list that is counted without the index.
const FEW: u64 = 5_000;
/// The most products that a search may find so that its list is counted.
const FOUND: u64 = 20_000;
/// How many products that have changed are read at once.
const AT_ONCE: usize = 10_000;
/// The most outdated products in the columns. If there are more, the columns are made again.
const WASTE: u64 = 50_000;
/// How old columns may be: the last resort if an operator changes a row by hand.
const AGE: Duration = Duration::from_hours(1);

/// Counts products of lists.
pub struct CatalogueIndex {
    queries: Arc<dyn CatalogueQueries>,
    changes: Arc<Changes>,
    /// The most memory, in bytes; 0 if only lists of few products are counted.
    most_bytes: usize,
    kept: Arc<Mutex<Kept>>,
}

type Shared = Arc<RwLock<Columns>>;

#[derive(Default)]
struct Kept {
    columns: Option<(Shared, Instant)>,
    /// The products that these columns have as they were before a change.
    stale: BTreeSet<Uuid>,
    making: Making,
    /// Whether columns would take too much memory.
    is_too_large: bool,
}

/// Whether columns are being made.
#[derive(Default)]
enum Making {
    #[default]
    No,
    /// They are, and these products have changed since it began.
    Yes(BTreeSet<Uuid>),
    /// They are, and any product may have changed since it began.
    InVain,
}

impl Kept {
    /// Takes the changed products, for the current columns and for those that are being made.
    fn gather(&mut self, heard: &Changes) {
        let Some(changed) = heard.counted().take() else {
            (self.columns, self.stale) = (None, BTreeSet::new());
            if let Making::Yes(_) = self.making {
                self.making = Making::InVain;
            }
            return;
        };
        if let Making::Yes(taken) = &mut self.making {
            taken.extend(&changed);
        }
        if self.columns.is_some() {
            self.stale.extend(changed);
        }
    }
}

impl CatalogueIndex {
    /// An index of at most so many bytes; with 0, only lists of few products are counted.
    pub fn new(queries: Arc<dyn CatalogueQueries>, changes: Arc<Changes>, most_bytes: usize) -> Self {
        Self { queries, changes, most_bytes, kept: Arc::default() }
    }

    /// The columns as of now; `None` if they are not ready.
    async fn current(&self) -> Result<Option<Shared>, StoreError> {
        if self.most_bytes == 0 || !self.changes.of(Subject::Products).is_trusted() {
            return Ok(None);
        }
        let mut kept = self.kept.lock().await;
        if kept.is_too_large {
            return Ok(None);
        }
        if kept.columns.is_some() {
            kept.gather(&self.changes);
        }
        let Some((columns, since)) = kept.columns.clone() else {
            self.make(&mut kept);
            return Ok(None);
        };
        // Whoever asks may go away before these are read. They stay here then, for whoever asks next.
        renew(&columns, &kept.stale, self.queries.as_ref()).await?;
        kept.stale.clear();
        if since.elapsed() > AGE || read(&columns).waste() > WASTE {
            self.make(&mut kept);
        }
        Ok(Some(columns))
    }

    /// Starts to make columns in the background, unless that is under way. The current columns are used meanwhile.
    fn make(&self, kept: &mut Kept) {
        if !matches!(kept.making, Making::No) {
            return;
        }
        kept.making = Making::Yes(BTreeSet::new());
        if kept.columns.is_none() {
            self.changes.counted().follow();
        }
        let maker = Maker { queries: self.queries.clone(), changes: self.changes.clone(), kept: self.kept.clone() };
        tokio::spawn(maker.make(self.most_bytes));
    }

    /// The products that satisfy the conditions that only the database can check; `None` if the filter has no such
    /// condition.
    async fn known(&self, filter: &ProductFilter) -> Result<Result<Option<Vec<ProductId>>, TooMany>, StoreError> {
        let Some(filter) = known_to_the_database(filter) else { return Ok(Ok(None)) };
        Ok(self.queries.passing(&filter, FOUND).await?.map(Some).ok_or(TooMany))
    }

    /// Counts without the index, if the list is short: at most [`FEW`] products, even without the conditions on the
    /// properties of its facets. `None` if it is longer.
    async fn of_few(&self, question: &Question) -> Result<Option<Counts>, StoreError> {
        let own: Vec<_> = question.facets.iter().filter_map(Facet::attribute).collect();
        let is_of = |facet: &Facet| question.facets.contains(facet);
        let mut widest = ProductFilter { is_collapsed: false, ..question.filter.clone() };
        widest.attributes.retain(|condition| !own.contains(&condition.attribute()));
        if is_of(&Facet::Price) {
            (widest.min_price, widest.max_price) = (None, None);
        }
        if is_of(&Facet::InStock) {
            widest.in_stock = None;
        }
        let Some(ids) = self.queries.passing(&widest, FEW).await? else { return Ok(None) };
        let mut columns = Columns::default();
        columns.extend(self.queries.counted(&ids).await?);
        // What only the database knows holds for all of them.
        Ok(Some(columns.counts(question, None)))
    }
}

#[async_trait]
impl CatalogueCounts for CatalogueIndex {
    async fn counts(&self, question: &Question) -> Result<Option<Counts>, StoreError> {
        let Some(columns) = self.current().await? else { return self.of_few(question).await };
        let Ok(only) = self.known(&question.filter).await? else { return Ok(None) };
        let rest = question.filter.collection.as_ref().and_then(|collected| collected.rest.as_deref());
        let of_rest = match rest {
            Some(rest) => match self.known(rest).await? {
                Ok(known) => known,
                Err(TooMany) => return Ok(None),
            },
            None => None,
        };
        let question = question.clone();
        let count = move || {
            let columns = read(&columns);
            let set = |ids: Option<Vec<ProductId>>| ids.map(|ids| columns.set_of(&ids));
            let mut only: Option<RoaringBitmap> = set(only);
            if let Some(Collected { pins, rest, .. }) = &question.filter.collection {
                let of_rest = set(of_rest);
                let mut all = columns.set_of(pins);
                if let Some(rest) = rest {
                    all |= columns.passing(rest, of_rest.as_ref());
                }
                only = Some(only.map_or_else(|| all.clone(), |only| only & &all));
            }
            columns.counts(&question, only.as_ref())
        };
        tokio::task::spawn_blocking(count).await.map(Some).map_err(|error| StoreError::Internal(error.into()))
    }

    async fn meant(&self, search: &SearchText) -> Result<Vec<String>, StoreError> {
        let Some(columns) = self.current().await? else { return Ok(Vec::new()) };
        let search = search.clone();
        let mend = move || read(&columns).words().map(|words| search.mended(words)).unwrap_or_default();
        tokio::task::spawn_blocking(mend).await.map_err(|error| StoreError::Internal(error.into()))
    }

    async fn state(&self) -> IndexState {
        if self.most_bytes == 0 {
            return IndexState::Off;
        }
        let kept = self.kept.lock().await;
        match &kept.columns {
            _ if kept.is_too_large => IndexState::TooLarge,
            Some((columns, _)) => {
                let columns = read(columns);
                IndexState::Ready { products: columns.products(), bytes: columns.bytes() }
            }
            None if matches!(kept.making, Making::No) => IndexState::NotMade,
            None => IndexState::InTheMaking,
        }
    }
}

/// A search finds more than [`FOUND`] products.
struct TooMany;

/// The conditions of a filter that the columns cannot check; `None` if there are none.
fn known_to_the_database(filter: &ProductFilter) -> Option<ProductFilter> {
    let ProductFilter { search, status, skus, barcodes, updated_after, .. } = filter.clone();
    let is_any = search.is_some() || !skus.is_empty() || !barcodes.is_empty() || updated_after.is_some();
    is_any.then(|| ProductFilter { search, status, skus, barcodes, updated_after, ..ProductFilter::default() })
}

fn read(columns: &Shared) -> std::sync::RwLockReadGuard<'_, Columns> {
    columns.read().unwrap_or_else(PoisonError::into_inner)
}

/// Reads changed products again and puts them into the columns.
async fn renew(columns: &Shared, changed: &BTreeSet<Uuid>, queries: &dyn CatalogueQueries) -> Result<(), StoreError> {
    let changed: Vec<_> = changed.iter().copied().collect();
    for some in changed.chunks(AT_ONCE) {
        let ids: Vec<_> = some.iter().copied().map(ProductId).collect();
        let products = queries.counted(&ids).await?;
        columns.write().unwrap_or_else(PoisonError::into_inner).replace(some, products);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
