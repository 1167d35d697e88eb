//! The caller's own account.

pub(super) mod password;
pub(super) mod update;

use actix_web::web::Data;
use paperclip::actix::api_v2_operation;

use super::accounts::{AccountBody, found};
use crate::answer::Shown;
use crate::extract::Caller;
use crate::refused::{OwnAccount, Refused};
use crate::state::State;

/// Show the caller's account
///
/// With the customer whose account it is, if it is one's.
#[api_v2_operation(tags(Identity), operation_id = "showMe")]
pub(crate) async fn show(caller: Caller, state: Data<State>) -> Result<Shown<AccountBody>, Refused<OwnAccount>> {
    Ok(Shown::new(AccountBody::own(&found(&state, caller.access.account_id).await?)))
}
