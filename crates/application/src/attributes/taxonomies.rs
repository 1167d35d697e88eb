use std::sync::Arc;

use async_trait::async_trait;
use domain::StoreError;
use domain::slugs::Slug;
use domain::terms::{Taxonomy, Term, TermId, TermName};

/// A term as lists and facets show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTerm {
    /// By which requests and products name the term.
    pub id: TermId,
    /// The name for people: 1 to 200 characters.
    pub name: TermName,
    /// The name in addresses.
    pub slug: Slug,
}

impl From<Term> for NamedTerm {
    fn from(Term { id, name, slug, .. }: Term) -> Self {
        Self { id, name, slug }
    }
}

/// Gives all attributes and categories, and names of terms.
///
/// After a change of one was answered, it gives the new ones: at once on the same server, and within a second on other
/// servers of the same database.
#[async_trait]
pub trait Taxonomies: Send + Sync {
    /// All attributes and all categories, as of one moment.
    async fn current(&self) -> Result<Arc<Taxonomy>, StoreError>;

    /// Those of these terms that there are, in any order.
    async fn named(&self, terms: &[TermId]) -> Result<Vec<NamedTerm>, StoreError>;
}
