//! Accounts, for administrators.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use actix_web::web::Data;
use application::Error;
use domain::PageRequest;
use domain::accounts::{AccountId, AccountWithCustomer};
use paperclip::actix::api_v2_operation;

pub(crate) use self::body::AccountBody;
use crate::answer::{Listed, Shown};
use crate::extract::{Admin, FromQuery, Params, Path, Query};
use crate::problem::Problem;
use crate::state::State;

/// Which accounts are wanted.
pub(crate) struct Wanted(PageRequest);

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("accounts").map(Self)
    }
}

/// List accounts, the oldest first
///
/// Page by page, each with its customer. No answer ever carries a password.
#[api_v2_operation(tags(Accounts), operation_id = "listAccounts")]
pub(crate) async fn list(
    _admin: Admin,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<AccountBody>, Problem> {
    let page = state.accounts.list(&wanted.0.0).await?;
    Ok(Listed::new("accounts", page, |account| AccountBody::from(&account)))
}

/// Show an account with its customer
///
/// No answer ever carries a password.
#[api_v2_operation(tags(Accounts), operation_id = "showAccount")]
pub(crate) async fn show(
    _admin: Admin,
    state: Data<State>,
    id: Path<AccountId>,
) -> Result<Shown<AccountBody>, Problem> {
    Ok(Shown::new(AccountBody::from(&found(&state, id.0).await?)))
}

/// An account with its customer.
pub(crate) async fn found(state: &State, id: AccountId) -> Result<AccountWithCustomer, Error> {
    state.accounts.with_customer(id).await?.ok_or(Error::NotFound("account"))
}
