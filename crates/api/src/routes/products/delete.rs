use actix_web::web::Data;
use application::products::DeleteProduct;
use domain::products::ProductId;
use paperclip::actix::api_v2_operation;

use crate::answer::NoContent;
use crate::extract::{Admin, IfMatch, Path};
use crate::problem::Problem;
use crate::state::State;

/// Delete a product; orders keep their own copy of it
///
/// Its stock and movements go with it.
#[api_v2_operation(tags(Products), operation_id = "deleteProduct")]
pub(crate) async fn delete(
    admin: Admin,
    state: Data<State>,
    id: Path<ProductId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    admin.runner(&state).run(DeleteProduct { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
