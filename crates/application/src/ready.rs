use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use domain::StoreError;

/// What was read, as it is sent: to give it again costs no read and no work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The `ETag` of the body.
    pub etag: String,
    /// The `Link` to the next page.
    pub link: Option<String>,
    /// The body.
    pub body: Arc<[u8]>,
}

/// Reads something and makes it ready; `None` if it is not there.
pub type Make<'a> = Pin<Box<dyn Future<Output = Result<Option<Ready>, StoreError>> + Send + 'a>>;

/// Answers to questions about products, kept until a product changes.
///
/// Whoever asks after a change was answered gets what is so after it: at once on the server that made the change, and
/// within a second on another one of the same database.
#[async_trait]
pub trait ProductAnswers: Send + Sync {
    /// The answer to a question: the one that is kept, or else what `make` gives. Many who ask the same at once wait
    /// for one `make`. The question says all that the answer depends on, besides the products.
    async fn answer<'a>(&self, question: String, make: Make<'a>) -> Result<Option<Arc<Ready>>, StoreError>;
}
