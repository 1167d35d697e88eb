use async_trait::async_trait;

use super::{CountedProduct, Counts, Question};
use crate::products::{ProductFilter, ProductId};
use crate::{SearchText, StoreError};

/// Counts products of a list.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CatalogueCounts: Send + Sync {
    /// The counts of a question: exact, and of a state no older than what was committed before they were asked for. `None`
    /// while they are not known: the list is long, and what counts it is not ready.
    async fn counts(&self, question: &Question) -> Result<Option<Counts>, StoreError>;

    /// What may have been meant by a search that found nothing, the likeliest first, by the words in names of products for
    /// sale. None while these are not known. A word may be one of a product that is gone.
    async fn meant(&self, search: &SearchText) -> Result<Vec<String>, StoreError>;

    /// What becomes of the index that counts.
    async fn state(&self) -> IndexState;
}

/// What becomes of the index that counts products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexState {
    /// There is none: only lists of few products are counted.
    Off,
    /// It is made as soon as somebody asks for counts.
    NotMade,
    /// It is being made.
    InTheMaking,
    /// It would take more memory than it may. Only lists of few products are counted.
    TooLarge,
    /// It is made, and counts any list.
    Ready {
        /// The products that it knows.
        products: u64,
        /// About how much memory it takes.
        bytes: usize,
    },
}

impl IndexState {
    /// Whether it counts soon what it does not count now.
    pub const fn is_coming(self) -> bool {
        matches!(self, Self::NotMade | Self::InTheMaking)
    }
}

/// Reads of products for those who count them.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CatalogueQueries: Send + Sync {
    /// Up to `limit` products in order of id, after one.
    async fn counted_after(&self, after: Option<ProductId>, limit: u64) -> Result<Vec<CountedProduct>, StoreError>;

    /// Those of these products that there are, in order of id.
    async fn counted(&self, ids: &[ProductId]) -> Result<Vec<CountedProduct>, StoreError>;

    /// The products that pass a filter, collapsed or not; `None` if they are more than `most`.
    async fn passing(&self, filter: &ProductFilter, most: u64) -> Result<Option<Vec<ProductId>>, StoreError>;
}
