//! The caller's own account.

mod body;

use actix_web::web::Data;
use application::Error;
use paperclip::actix::api_v2_operation;

pub(crate) use body::AccountBody;

use crate::answer::Shown;
use crate::extract::Caller;
use crate::problem::Problem;
use crate::state::State;

/// Show the caller's account
#[api_v2_operation(tags(Identity), operation_id = "showMe")]
pub(crate) async fn show(caller: Caller, state: Data<State>) -> Result<Shown<AccountBody>, Problem> {
    let found = state.accounts.with_customer(caller.access.account_id).await?;
    let found = found.ok_or(Error::NotFound("account"))?;
    Ok(Shown::new(AccountBody::from(&found)))
}
