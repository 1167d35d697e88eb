use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use domain::StoreError;

/// A rendered response that can be cached in memory.
pub trait Rendered: Send + Sync + 'static {
    /// Its size in bytes.
    fn size(&self) -> usize;
}

/// Reads and renders a response; `None` if the resource does not exist.
pub type Render<'a, R> = Pin<Box<dyn Future<Output = Result<Option<R>, StoreError>> + Send + 'a>>;

/// A cache of rendered responses about products. A change of any product invalidates it.
///
/// After a change was answered, responses show it: at once on the same server, and within a second on other servers of
/// the same database.
#[async_trait]
pub trait ProductResponses<R: Rendered>: Send + Sync {
    /// The response that is kept under `key`.
    fn find(&self, key: &str) -> Option<Arc<R>>;

    /// The response that is kept under `key`, or else what `render` makes. Many who ask for one key at once wait for one
    /// `render`. The key names all that the response depends on, besides the products.
    async fn get_or_render<'a>(&self, key: String, render: Render<'a, R>) -> Result<Option<Arc<R>>, StoreError>;

    /// Forgets the response that is kept under `key`.
    fn forget(&self, key: &str);
}
