//! Customers, for staff.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod export;
pub(crate) mod file;
pub(super) mod sales;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::customers::{CustomerFilter, CustomerId, EmailAddress};
use domain::{PageRequest, SearchText};

pub(crate) use self::body::CustomerBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag { name: "Customers", description: "The people who buy. For staff." };

/// Which customers are wanted.
pub(crate) struct ListQuery {
    filter: CustomerFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let (filter, list) = filter(params);
        let page = params.page(list);
        Some(Self { filter: filter?, page: page? })
    }
}

/// Takes the parameters that narrow a list, and names the list.
fn filter(params: &mut Params<'_>) -> (Option<CustomerFilter>, &'static str) {
    let email = params.optional("email", "Only the one with this email address, in any case.", EmailAddress::parse);
    let search = params.optional(
        "q",
        "Only those whose name or email address holds all these words, in any order, case and accent; the last may be \
         the beginning of a word. The first 10 words count. Without any word, as in `???`, nobody is found.",
        SearchText::parse,
    );
    let updated_after = params.optional(
        "updated_after",
        "Only those that were changed at this time or later, in order of their last change. Ask again from a minute \
         before the last one seen: changes may become visible out of order.",
        time_parameter,
    );
    let list = if updated_after.flatten().is_some() { BY_CHANGE } else { BY_AGE };
    let filter = || Some(CustomerFilter { email: email?, search: search?.flatten(), updated_after: updated_after? });
    (filter(), list)
}

const BY_AGE: &str = "customers";
const BY_CHANGE: &str = "customers by change";

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listCustomers",
    "List customers, the oldest first, or search them by name and email",
    "Page by page.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<CustomerBody>, Problem> {
    let page = state.queries.customers.list(&query.0.filter, &query.0.page).await?;
    let list = if query.0.filter.updated_after.is_some() { BY_CHANGE } else { BY_AGE };
    Ok(List::new(list, page, |customer| CustomerBody::from(&customer)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showCustomer", "Show a customer", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<CustomerId>,
) -> Result<Resource<CustomerBody>, Problem> {
    let customer = state.queries.customers.get(id.0).await?.ok_or(Error::NotFound("customer"))?;
    Ok(Resource(CustomerBody::from(&customer)))
}
