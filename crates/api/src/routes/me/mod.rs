//! The caller's own account.

pub(super) mod delete;
pub(super) mod export;
pub(super) mod password;
pub(super) mod update;

use std::sync::Arc;

use super::accounts::{AccountBody, found};
use super::auth::TAG;
use crate::context::State;
use crate::extract::Caller;
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showMe",
    "Show the caller's account",
    "With the customer whose account it is, if it is one's.",
)
.problems(&[Kind::NOT_FOUND]);

pub(crate) async fn show(caller: Caller, state: Arc<State>) -> Result<Resource<AccountBody>, Problem> {
    Ok(Resource(AccountBody::own(&found(&state, caller.access.account_id).await?)))
}
