use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{AttributeSegment, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::attributes::DeleteAttribute;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteAttribute",
    "Delete an attribute that no product uses",
    "Its terms go with it. `category`, `brand` and `tag` stay.",
)
.problems(&[Kind::IN_USE]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    code: Path<AttributeSegment>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteAttribute { code: code.0.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
