use async_trait::async_trait;

use super::{CategoryNode, Taxonomy, Term, TermChoice, TermFilter, TermId, TermKey};
use crate::attributes::AttributeId;
use crate::slugs::Slug;
use crate::{Page, PageRequest, StoreError};

/// Terms within a transaction. Their attribute is locked by whoever adds, moves or deletes them.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait TermRepository: Send {
    /// Inserts a new term.
    ///
    /// # Errors
    /// `Duplicate(Term::UNIQUE_SLUG)` if another term of the attribute has or had the slug.
    async fn insert(&mut self, term: &Term) -> Result<(), StoreError>;

    /// The current term of an attribute, locked until the transaction ends.
    async fn lock(&mut self, attribute_id: AttributeId, key: &TermKey) -> Result<Option<Term>, StoreError>;

    /// The terms of an attribute with these ids or slugs, in any order. Unknown ones are skipped, and nothing is locked.
    async fn named(&mut self, attribute_id: AttributeId, keys: &[TermKey]) -> Result<Vec<Term>, StoreError>;

    /// The terms of an attribute whose folded names are these, in order of creation. Nothing is locked.
    async fn called(&mut self, attribute_id: AttributeId, names: &[String]) -> Result<Vec<Term>, StoreError>;

    /// How many terms an attribute has.
    async fn count(&mut self, attribute_id: AttributeId) -> Result<u64, StoreError>;

    /// The slugs that terms of an attribute have or had, and that begin like this one and its numbered ones.
    async fn like(&mut self, attribute_id: AttributeId, slug: &Slug) -> Result<Vec<Slug>, StoreError>;

    /// A term and those above it, from itself up to the top; at most 9 of them. Empty if there is no such term in the
    /// attribute.
    async fn chain(&mut self, attribute_id: AttributeId, id: TermId) -> Result<Vec<CategoryNode>, StoreError>;

    /// The terms right below these, in order of position and creation.
    async fn below(&mut self, ids: &[TermId]) -> Result<Vec<CategoryNode>, StoreError>;

    /// Writes a locked term.
    ///
    /// # Errors
    /// `Duplicate(Term::UNIQUE_SLUG)` if another term of the attribute has the slug.
    async fn update(&mut self, term: &Term) -> Result<(), StoreError>;

    /// Renews up to `limit` terms that were stored before their names had keys. Returns how many.
    async fn renew(&mut self, limit: u64) -> Result<u64, StoreError>;

    /// Notes the slug that a locked term gives up for the one that it has now: the old one leads to it, and no other term
    /// of the attribute gets it.
    ///
    /// # Errors
    /// `Duplicate(Term::UNIQUE_SLUG)` if another term had the new one.
    async fn retire(&mut self, given_up: &Slug, term: &Term) -> Result<(), StoreError>;

    /// Deletes a locked term that no product has, and no term below it.
    ///
    /// # Errors
    /// `Raced` if a product has got it meanwhile.
    async fn delete(&mut self, id: TermId) -> Result<(), StoreError>;

    /// How many products have a term.
    async fn count_products(&mut self, id: TermId) -> Result<u64, StoreError>;
}

/// Reads of terms, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait TermQueries: Send + Sync {
    /// The term of an attribute with this id or slug.
    async fn get(&self, attribute_id: AttributeId, key: &TermKey) -> Result<Option<Term>, StoreError>;

    /// The ids of the terms of an attribute with these slugs. Unknown slugs are skipped.
    async fn ids(&self, attribute_id: AttributeId, slugs: &[Slug]) -> Result<Vec<TermId>, StoreError>;

    /// The terms of an attribute that had these slugs and have others now, each with the slug that was asked for.
    async fn had(&self, attribute_id: AttributeId, slugs: &[Slug]) -> Result<Vec<(Slug, TermId)>, StoreError>;

    /// Those of these terms that there are, in any order.
    async fn known(&self, ids: &[TermId]) -> Result<Vec<Term>, StoreError>;

    /// A page of the terms of an attribute, in order of position and creation.
    async fn list(
        &self,
        attribute_id: AttributeId,
        filter: &TermFilter,
        page: &PageRequest,
    ) -> Result<Page<Term>, StoreError>;

    /// The first `most` terms of each of these attributes, attribute by attribute, in order of position and creation.
    async fn first_of_each(&self, attributes: &[AttributeId], most: u32) -> Result<Vec<TermChoice>, StoreError>;

    /// All attributes and categories.
    async fn taxonomy(&self) -> Result<Taxonomy, StoreError>;
}
