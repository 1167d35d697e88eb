use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use application::Rendered;

/// A rendered response, as it is kept in memory and sent.
#[derive(Clone)]
pub struct RenderedResponse {
    pub(crate) etag: HeaderValue,
    /// The `Link` to the next page.
    pub(crate) link: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

impl Rendered for RenderedResponse {
    fn size(&self) -> usize {
        self.body.len() + self.etag.len() + self.link.as_ref().map_or(0, HeaderValue::len)
    }
}
