use std::sync::Arc;

use async_trait::async_trait;
use domain::pricing::PriceBook;
use domain::{PricingSnapshot, StoreError};

use crate::{Error, Tx};

/// Gives the current price book.
///
/// After a change of prices was answered, it gives the new book: at once on the same server, and within a second on other
/// servers of the same database.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait PriceBooks: Send + Sync {
    /// The price book that this server has now.
    async fn current(&self) -> Result<Arc<PriceBook>, StoreError>;
}

/// The book of the version that a transaction has read: `known`, or one that is read now.
pub(crate) async fn book_at(
    tx: &mut dyn Tx,
    known: &Arc<PriceBook>,
    snapshot: PricingSnapshot,
) -> Result<Arc<PriceBook>, Error> {
    if known.version() == snapshot.version {
        return Ok(known.clone());
    }
    Ok(Arc::new(known.renewed(tx.pricing().data().await?)))
}
