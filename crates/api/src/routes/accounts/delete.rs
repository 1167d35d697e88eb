use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{Admin, IfMatch, Path};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::accounts::DeleteAccount;
use domain::accounts::AccountId;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteAccount",
    "Delete an account; its customer stays",
    "The last active administrator cannot be deleted.",
)
.problems(&[Kind::LAST_ADMIN]);

pub(crate) async fn delete(
    admin: Admin,
    state: Arc<State>,
    id: Path<AccountId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    admin.runner(&state).run(DeleteAccount { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
