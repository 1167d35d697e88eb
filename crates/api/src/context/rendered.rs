use std::sync::Arc;

use application::Rendered;

/// A rendered response, as it is kept in memory and sent.
pub struct RenderedResponse {
    pub(crate) etag: String,
    /// The `Link` to the next page.
    pub(crate) link: Option<String>,
    pub(crate) body: Arc<[u8]>,
}

impl Rendered for RenderedResponse {
    fn size(&self) -> usize {
        self.body.len() + self.etag.len() + self.link.as_ref().map_or(0, String::len)
    }
}
