use actix_web::web::Data;
use application::customers::DeleteCustomer;
use domain::customers::CustomerId;
use paperclip::actix::api_v2_operation;

use crate::answer::NoContent;
use crate::extract::{Admin, IfMatch, Path};
use crate::refused::Refused;
use crate::state::State;

/// Delete a customer with account and cart; orders stay, without personal data
///
/// The audit log forgets the personal data too. The last active administrator cannot be deleted this way.
#[api_v2_operation(tags(Customers), operation_id = "deleteCustomer")]
pub(crate) async fn delete(
    admin: Admin,
    state: Data<State>,
    id: Path<CustomerId>,
    expected: IfMatch,
) -> Result<NoContent, Refused<DeleteCustomer>> {
    admin.runner(&state).run(DeleteCustomer { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
