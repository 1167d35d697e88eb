use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use domain::StoreError;

/// A rendered response that can be kept in memory.
pub trait Rendered: Send + Sync + 'static {
    /// Its size in bytes.
    fn size(&self) -> usize;
}

/// Reads something and renders it; `None` if it is not there.
pub type Render<'a, R> = Pin<Box<dyn Future<Output = Result<Option<R>, StoreError>> + Send + 'a>>;

/// Rendered responses about products, kept until a product changes.
///
/// A response that is asked for after a change was answered shows that change: at once on the server that made it, and
/// within a second on another server of the same database.
#[async_trait]
pub trait ProductResponses<R: Rendered>: Send + Sync {
    /// The response that is kept under `key`, or else what `render` makes. Many who ask for one key at once wait for one
    /// `render`. The key names all that the response depends on, besides the products.
    async fn get_or_render<'a>(&self, key: String, render: Render<'a, R>) -> Result<Option<Arc<R>>, StoreError>;
}
