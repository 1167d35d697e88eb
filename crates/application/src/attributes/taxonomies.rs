use std::sync::Arc;

use async_trait::async_trait;
use domain::StoreError;
use domain::attributes::Taxonomy;

/// Gives all attributes and categories.
///
/// After a change of one was answered, it gives the new ones: at once on the same server, and within a second on other
/// servers of the same database.
#[async_trait]
pub trait Taxonomies: Send + Sync {
    /// The current ones.
    async fn current(&self) -> Result<Arc<Taxonomy>, StoreError>;
}
