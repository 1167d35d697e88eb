use async_trait::async_trait;

/// Why a picture cannot be had from its URL, as a sentence about it without its point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotFetched(pub String);

/// Fetches pictures from where others keep them.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PictureSource: Send + Sync {
    /// The bytes at a URL, at most [`MOST_BYTES`](super::MOST_BYTES).
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, NotFetched>;
}
