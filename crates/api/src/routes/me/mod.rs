//! The caller's own account.

pub(super) mod password;
pub(super) mod update;

use actix_web::web::Data;
use paperclip::actix::api_v2_operation;

use super::accounts::{AccountBody, found};
use crate::answer::Shown;
use crate::extract::Caller;
use crate::problem::Problem;
use crate::state::State;

/// Show the caller's account
#[api_v2_operation(tags(Identity), operation_id = "showMe")]
pub(crate) async fn show(caller: Caller, state: Data<State>) -> Result<Shown<AccountBody>, Problem> {
    Ok(Shown::new(AccountBody::own(&found(&state, caller.access.account_id).await?)))
}
