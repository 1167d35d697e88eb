use super::Extract;
use crate::context::RequestContext;
use crate::problem::Problem;

/// The id of the request, as in the log.
pub(crate) struct RequestId(pub(crate) String);

impl Extract for RequestId {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        Ok(Self(context.id().to_owned()))
    }
}
