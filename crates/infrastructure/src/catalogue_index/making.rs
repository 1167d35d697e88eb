//! Makes the columns of all products, while they change.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, RwLock};
use std::time::Instant;

use domain::catalogue::CatalogueQueries;
use domain::{StoreError, Uuid};
use tokio::sync::Mutex;

use super::columns::Columns;
use super::{Kept, Making, Shared, renew};
use crate::cache::Changes;

/// How many products are read at once.
const STEP: u64 = 2_000;
/// The most changed products that are read under the lock of the index, while all its readers wait. While there are more,
/// they are read before, without the lock.
const LAST: usize = 500;
/// The most times that changed products are read without the lock, so that making the index ends.
const ROUNDS: u32 = 20;

pub(super) struct Maker {
    pub queries: Arc<dyn CatalogueQueries>,
    pub changes: Arc<Changes>,
    pub kept: Arc<Mutex<Kept>>,
}

/// The result of reading all products.
enum Made {
    Columns(Shared),
    /// They would take more memory than they may.
    TooLarge,
    /// Any product may have changed meanwhile.
    InVain,
}

impl Maker {
    /// Makes columns of at most so many bytes, and lets them be asked.
    pub async fn make(self, most_bytes: usize) {
        let began = Instant::now();
        let made = self.columns(most_bytes).await;
        let mut kept = self.kept.lock().await;
        kept.gather(&self.changes);
        let made = match (made, mem::take(&mut kept.making)) {
            // What changed last. Nobody asks before it is read.
            (Ok(Made::Columns(columns)), Making::Yes(taken)) => {
                renew(&columns, &taken, self.queries.as_ref()).await.map(|()| Made::Columns(columns))
            }
            (Ok(Made::Columns(_)), Making::No | Making::InVain) => Ok(Made::InVain),
            (made, _) => made,
        };
        match made {
            Ok(Made::Columns(columns)) => {
                let (products, bytes) = {
                    let columns = super::read(&columns);
                    (columns.products(), columns.bytes())
                };
                tracing::info!(
                    products,
                    kilobytes = bytes >> 10,
                    milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
                    "the index of the catalogue is made"
                );
                (kept.columns, kept.stale) = (Some((columns, began)), BTreeSet::new());
            }
            Ok(Made::TooLarge) => {
                kept.columns = None;
                kept.is_too_large = true;
                tracing::warn!(
                    megabytes = most_bytes >> 20,
                    "the index of the catalogue needs more memory than `catalog.index_megabytes`; long lists are not counted"
                );
            }
            Ok(Made::InVain) => {
                tracing::debug!("the index of the catalogue is made again: any product may have changed");
            }
            Err(error) => tracing::debug!(%error, "the index of the catalogue could not be made"),
        }
    }

    /// Reads all products into columns. Also reads the products that change meanwhile, except for the last few.
    async fn columns(&self, most_bytes: usize) -> Result<Made, StoreError> {
        let (mut columns, mut last) = (Columns::with_words(), None);
        loop {
            let products = self.queries.counted_after(last, STEP).await?;
            // Often enough that no more than can be named has changed since the last time.
            if !self.is_worth_it().await {
                return Ok(Made::InVain);
            }
            let Some(end) = products.last().map(|product| product.id) else { break };
            last = Some(end);
            columns.extend(products);
            if columns.bytes() > most_bytes {
                return Ok(Made::TooLarge);
            }
        }
        let settle = move || {
            columns.settle();
            columns
        };
        let settled = tokio::task::spawn_blocking(settle).await;
        let columns = settled.map_err(|error| StoreError::Internal(error.into()))?;
        if columns.bytes() > most_bytes {
            return Ok(Made::TooLarge);
        }
        let columns = Arc::new(RwLock::new(columns));
        for _ in 0..ROUNDS {
            let Some(changed) = self.many_changed().await else { break };
            renew(&columns, &changed, self.queries.as_ref()).await?;
        }
        Ok(Made::Columns(columns))
    }

    /// Whether the columns can still be used: the changes since the beginning are known one by one.
    async fn is_worth_it(&self) -> bool {
        let mut kept = self.kept.lock().await;
        kept.gather(&self.changes);
        matches!(kept.making, Making::Yes(_))
    }

    /// Takes the products that have changed, if they are more than [`LAST`].
    async fn many_changed(&self) -> Option<BTreeSet<Uuid>> {
        let mut kept = self.kept.lock().await;
        kept.gather(&self.changes);
        match &mut kept.making {
            Making::Yes(taken) if taken.len() > LAST => Some(mem::take(taken)),
            _ => None,
        }
    }
}
