use std::sync::Arc;

use application::access::{Attempted, note_refusal};
use application::roles::DeleteRole;
use domain::Uuid;
use domain::roles::CustomRole;

use super::{RoleSegment, TAG};
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;

pub(crate) const DELETE: Operation =
    Operation::new(TAG, "deleteRole", "Delete a role that no account has", "Fixed roles stay.")
        .problems(&[Kind::IN_USE, Kind::INVALID]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    name: Path<RoleSegment>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    let runner = staff.runner(&state);
    let deleted = runner.run(DeleteRole { role: name.0.0, expected: expected.0 }).await;
    note_refusal(&runner, Attempted::new::<DeleteRole, CustomRole>(Uuid::nil()), deleted).await?;
    Ok(NoContent)
}
