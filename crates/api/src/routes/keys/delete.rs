use std::sync::Arc;

use application::keys::DeleteKey;
use domain::keys::KeyId;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoContent;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteKey",
    "End an API key at once",
    "The key ends at once on this server, and within a second on others. The audit log keeps what it did.",
);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<KeyId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteKey { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
