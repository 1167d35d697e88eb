use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::tax_classes::DeleteTaxClass;
use domain::tax_classes::TaxClassId;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteTaxClass",
    "Delete a tax class that nothing uses",
    "The class `standard` is that of all products that were given none, and stays.",
)
.problems(&[Kind::IN_USE]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<TaxClassId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteTaxClass { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
