use super::Extract;
use crate::context::RequestContext;
use crate::problem::Problem;

/// The cache key of a response about products: path, query, and whether the caller may see all products. All other
/// callers get the same response, because products have no owner.
pub(crate) struct CacheKey(String);

impl CacheKey {
    /// The key as text; another request has another text.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    pub(crate) fn path(&self) -> &str {
        self.request().0
    }

    pub(crate) fn query(&self) -> &str {
        self.request().1
    }

    fn request(&self) -> (&str, &str) {
        self.0.split_once(' ').and_then(|(_, request)| request.split_once('?')).unwrap_or_default()
    }
}

impl Extract for CacheKey {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let seen = if context.has_needed() { "all " } else { "sold " };
        let uri = context.http.uri();
        Ok(Self([seen, uri.path(), "?", uri.query().unwrap_or_default()].concat()))
    }
}
