use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoContent;
use application::shipping_methods::DeleteShippingMethod;
use domain::shipping_methods::ShippingMethodId;

pub(crate) const DELETE: Operation =
    Operation::new(TAG, "deleteShippingMethod", "Delete a shipping method", "Orders that were shipped by it stay.");

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<ShippingMethodId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteShippingMethod { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
