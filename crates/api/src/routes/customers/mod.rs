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
use domain::customers::{CustomerFilter, CustomerId, CustomerSort, EmailAddress};
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
    let is_by_change = updated_after.flatten().is_some();
    let sort = params.optional(
        "sort",
        "The order: `created_at` for the oldest first, as without it, or `-created_at` for the newest first.",
        CustomerSort::parse,
    );
    let sort = params.sort_unless_by_change(is_by_change, sort);
    let list = list_of(is_by_change, sort.flatten());
    let filter = || {
        Some(CustomerFilter { email: email?, search: search?.flatten(), sort: sort?, updated_after: updated_after? })
    };
    (filter(), list)
}

const BY_AGE: &str = "customers";
const NEWEST_FIRST: &str = "customers, newest first";
const BY_CHANGE: &str = "customers by change";

/// Each order is a list of its own, so that its cursors are of no use in the others.
fn list_of(is_by_change: bool, sort: Option<CustomerSort>) -> &'static str {
    match (is_by_change, sort) {
        (true, _) => BY_CHANGE,
        (false, Some(CustomerSort::Newest)) => NEWEST_FIRST,
        (false, Some(CustomerSort::Oldest) | None) => BY_AGE,
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listCustomers",
    "List customers, the oldest or the newest first, or search them by name and email",
    "Page by page.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<CustomerBody>, Problem> {
    let ListQuery { filter, page } = query.0;
    let found = state.queries.customers.list(&filter, &page).await?;
    Ok(List::new(list_of(filter.updated_after.is_some(), filter.sort), found, |customer| CustomerBody::from(&customer)))
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
