use actix_web::http::header::IF_NONE_MATCH;

use super::Extract;
use crate::context::RequestContext;
use crate::etag::Tags;
use crate::problem::Problem;

/// The tags of `If-None-Match`: versions that the client has already. A malformed header counts as missing.
pub(crate) struct IfNoneMatch(Option<Tags>);

impl IfNoneMatch {
    /// Whether the client has the response with this tag. `*` does not count.
    pub(crate) fn has(&self, tag: &str) -> bool {
        matches!(&self.0, Some(tags @ Tags::List(_)) if tags.names(tag))
    }
}

impl Extract for IfNoneMatch {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        Ok(Self(Tags::of(context.headers(), &IF_NONE_MATCH).ok().flatten()))
    }
}
