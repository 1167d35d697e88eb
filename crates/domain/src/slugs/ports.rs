use async_trait::async_trait;

use super::{Addressee, Slug, SlugKind, SlugOwner};
use crate::StoreError;

/// Slugs within a transaction. Who owns them is locked, or new; with it they are deleted.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait SlugRepository: Send {
    /// Gives an owner without a slug this one, or the first of [`Slug::others`] that nobody has or had, and returns it.
    ///
    /// # Errors
    /// `Raced` if somebody got that one meanwhile.
    async fn make(&mut self, owner: SlugOwner, wanted: &Slug) -> Result<Slug, StoreError>;

    /// Gives an owner this slug, which it may have had before. `before` is its current one, if it has one: that leads to
    /// the owner from then on.
    ///
    /// # Errors
    /// `Duplicate` with [`SlugKind::unique_key`] if another one has or had it.
    async fn give(&mut self, owner: SlugOwner, slug: &Slug, before: Option<Slug>) -> Result<(), StoreError>;

    /// Makes slugs of up to `limit` products that were stored before products had them. Returns how many it has looked at.
    async fn fill(&mut self, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of slugs, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait SlugQueries: Send + Sync {
    /// Where a slug leads; `None` if nobody has or had it.
    async fn find(&self, kind: SlugKind, slug: &Slug) -> Result<Option<Addressee>, StoreError>;
}
