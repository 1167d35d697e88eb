use std::sync::Arc;

use application::collections::DeleteCollection;

use super::TAG;
use crate::context::State;
use crate::extract::{CollectionSegment, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoContent;

pub(crate) const DELETE: Operation =
    Operation::new(TAG, "deleteCollection", "Delete a collection", "Its products stay.");

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    key: Path<CollectionSegment>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteCollection { key: key.0.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
