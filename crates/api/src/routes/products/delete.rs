use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoContent;
use application::products::DeleteProduct;
use domain::products::ProductId;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteProduct",
    "Delete a product; orders keep their own copy of it",
    "Its stock and movements go with it.",
);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeleteProduct { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
