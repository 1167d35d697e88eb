//! The caller's own account.

pub(super) mod delete;
pub(super) mod export;
pub(super) mod password;
pub(super) mod update;
pub(super) mod verification;

use std::sync::Arc;

use domain::accounts::AccountId;

use super::accounts::{AccountBody, found};
use super::auth::TAG;
use crate::context::State;
use crate::extract::Holder;
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

/// The account as its holder sees it; in a shop that sends mail, with when the address was proved.
async fn own(state: &State, id: AccountId) -> Result<AccountBody, Problem> {
    let account = found(state, id).await?;
    let body = AccountBody::own(&account);
    match &account.customer {
        Some(customer) if state.mailing.switches.is_on() => {
            Ok(body.verified(state.queries.mails.verified_at(customer).await?))
        }
        _ => Ok(body),
    }
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showMe",
    "Show the caller's account",
    "With the customer whose account it is, if it is one's.",
)
.problems(&[Kind::NOT_FOUND]);

pub(crate) async fn show(holder: Holder, state: Arc<State>) -> Result<Resource<AccountBody>, Problem> {
    Ok(Resource(own(&state, holder.0).await?))
}
