use actix_web::web::Data;
use application::accounts::DeleteAccount;
use domain::accounts::AccountId;
use paperclip::actix::api_v2_operation;

use crate::answer::NoContent;
use crate::extract::{Admin, IfMatch, Path};
use crate::refused::Refused;
use crate::state::State;

/// Delete an account; its customer stays
///
/// The last active administrator cannot be deleted.
#[api_v2_operation(tags(Accounts), operation_id = "deleteAccount")]
pub(crate) async fn delete(
    admin: Admin,
    state: Data<State>,
    id: Path<AccountId>,
    expected: IfMatch,
) -> Result<NoContent, Refused<DeleteAccount>> {
    admin.runner(&state).run(DeleteAccount { id: id.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
