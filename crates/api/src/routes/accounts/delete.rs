use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::access::{Attempted, note_refusal};
use application::accounts::DeleteAccount;
use domain::accounts::{Account, AccountId};

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteAccount",
    "Delete an account; its customer stays",
    "The last active administrator cannot be deleted, and nobody deletes an account that may do more than they.",
)
.problems(&[Kind::LAST_ADMIN]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<AccountId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    let runner = staff.runner(&state);
    let attempted = Attempted::new::<DeleteAccount, Account>(id.0.0);
    let deleted = runner.run(DeleteAccount { id: id.0, expected: expected.0 }).await;
    note_refusal(&runner, attempted, deleted).await?;
    Ok(NoContent)
}
