//! Customers, for administrators.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod export;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::customers::{CustomerFilter, CustomerId};
use domain::{PageRequest, SearchText};

pub(crate) use self::body::CustomerBody;
use crate::context::State;
use crate::extract::{Admin, FromQuery, Params, Path, Query};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag { name: "Customers", description: "The people who buy. For administrators." };

/// Which customers are wanted.
pub(crate) struct Wanted {
    filter: CustomerFilter,
    page: PageRequest,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let search = params.optional(
            "q",
            "Only those whose name or email address holds all these words: at most 10, in any case and order; the last \
             may be the beginning of a word.",
            SearchText::parse,
        );
        let page = params.page("customers");
        Some(Self { filter: CustomerFilter { search: search?.flatten() }, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listCustomers",
    "List customers, the oldest first, or search them by name and email",
    "Page by page.",
);

pub(crate) async fn list(
    _admin: Admin,
    state: Arc<State>,
    wanted: Query<Wanted>,
) -> Result<List<CustomerBody>, Problem> {
    let page = state.queries.customers.list(&wanted.0.filter, &wanted.0.page).await?;
    Ok(List::new("customers", page, |customer| CustomerBody::from(&customer)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showCustomer", "Show a customer", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(
    _admin: Admin,
    state: Arc<State>,
    id: Path<CustomerId>,
) -> Result<Resource<CustomerBody>, Problem> {
    let customer = state.queries.customers.get(id.0).await?.ok_or(Error::NotFound("customer"))?;
    Ok(Resource(CustomerBody::from(&customer)))
}
