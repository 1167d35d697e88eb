use actix_web::http::Uri;
use domain::accounts::{Access, Role};

use super::Extract;
use crate::context::RequestContext;
use crate::problem::Problem;

/// The cache key of a response about products: path, query, and whether the caller is an administrator. All other
/// callers get the same response, because products have no owner.
pub(crate) struct CacheKey {
    uri: Uri,
    text: String,
}

impl CacheKey {
    /// The key as text; another request has another text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }
}

impl Extract for CacheKey {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let is_admin = matches!(context.access(), Some(Access { role: Role::Admin, .. }));
        let uri = context.http.uri().clone();
        let seen = if is_admin { "all " } else { "sold " };
        let text = [seen, uri.path(), "?", uri.query().unwrap_or_default()].concat();
        Ok(Self { uri, text })
    }
}
