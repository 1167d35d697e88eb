use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::customers::DeleteCustomer;
use domain::customers::CustomerId;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteCustomer",
    "Delete a customer with account and cart; orders stay, without personal data",
    "The audit log forgets the personal data too. The last active administrator cannot be deleted this way.",
)
.problems(&[Kind::LAST_ADMIN]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<CustomerId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteCustomer { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
