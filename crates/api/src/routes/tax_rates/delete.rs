use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::tax_rates::DeleteTaxRate;
use domain::pricing::TaxRateId;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteTaxRate",
    "Delete a tax rate before its first day",
    "From its first day on it can only be given a last one.",
)
.problems(&[Kind::TAX_RATE_HELD]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<TaxRateId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteTaxRate { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
