use std::sync::Arc;

use application::groups::DeleteGroup;
use domain::groups::GroupId;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoContent;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteProductGroup",
    "Dissolve a product group; its products stay",
    "Its products stay, as single ones, and keep what they had from it.",
);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<GroupId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteGroup { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
