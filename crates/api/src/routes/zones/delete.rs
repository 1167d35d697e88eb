use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::zones::DeleteZone;
use domain::pricing::ZoneId;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteZone",
    "Delete a zone that nothing uses",
    "Places in it have the next most specific zone from now on.",
)
.problems(&[Kind::IN_USE]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<ZoneId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteZone { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
