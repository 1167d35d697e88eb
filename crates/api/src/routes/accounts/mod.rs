//! Accounts, for staff.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::accounts::{AccountId, AccountWithCustomer};
use domain::customers::CustomerId;
use domain::{Page, PageRequest};

pub(crate) use self::body::AccountBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, boolean, id_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag { name: "Accounts", description: "Who may log in, as what. For staff." };

/// Which accounts are wanted.
pub(crate) struct ListQuery {
    customer_id: Option<CustomerId>,
    staff: Option<bool>,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let customer_id =
            params.optional("customer_id", "Only the one with which this customer logs in.", id_parameter(CustomerId));
        let staff = params.optional(
            "staff",
            "`true`: only those with another role than `customer`. `false`: only those with that role.",
            boolean,
        );
        let page = params.page("accounts");
        Some(Self { customer_id: customer_id?, staff: staff?, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listAccounts",
    "List accounts, the oldest first",
    "Page by page, each with its customer. No answer ever carries a password.",
);

pub(crate) async fn list(
    staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<AccountBody>, Problem> {
    let ListQuery { customer_id, staff: of_staff, page } = query.0;
    let page = match customer_id {
        Some(id) => {
            let is_wanted =
                |found: &AccountWithCustomer| of_staff.is_none_or(|staff| staff == found.account.role.is_staff());
            Page { items: of_customer(&state, id).await?.into_iter().filter(is_wanted).collect(), next: None }
        }
        None => state.queries.accounts.list(of_staff, &page).await?,
    };
    let body = AccountBody::seen_by(&staff);
    Ok(List::new("accounts", page, |account| body(&account)))
}

async fn of_customer(state: &State, id: CustomerId) -> Result<Option<AccountWithCustomer>, Error> {
    match state.queries.accounts.of_customer(id).await? {
        Some(account) => Ok(state.queries.accounts.with_customer(account.id).await?),
        None => Ok(None),
    }
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showAccount", "Show an account with its customer", "No answer ever carries a password.");

pub(crate) async fn show(
    staff: Staff,
    state: Arc<State>,
    id: Path<AccountId>,
) -> Result<Resource<AccountBody>, Problem> {
    Ok(Resource(AccountBody::seen_by(&staff)(&found(&state, id.0).await?)))
}

/// An account with its customer.
pub(crate) async fn found(state: &State, id: AccountId) -> Result<AccountWithCustomer, Error> {
    state.queries.accounts.with_customer(id).await?.ok_or(Error::NotFound("account"))
}
