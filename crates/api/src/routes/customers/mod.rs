//! Customers, for administrators.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use actix_web::web::Data;
use application::Error;
use domain::customers::{CustomerFilter, CustomerId};
use domain::{PageRequest, SearchText};
use paperclip::actix::api_v2_operation;

pub(crate) use self::body::CustomerBody;
use crate::answer::{Listed, Shown};
use crate::extract::{Admin, FromQuery, Params, Path, Query};
use crate::problem::Problem;
use crate::state::State;

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

/// List customers, the oldest first, or search them by name and email
///
/// Page by page.
#[api_v2_operation(tags(Customers), operation_id = "listCustomers")]
pub(crate) async fn list(
    _admin: Admin,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<CustomerBody>, Problem> {
    let page = state.customers.list(&wanted.0.filter, &wanted.0.page).await?;
    Ok(Listed::new("customers", page, |customer| CustomerBody::from(&customer)))
}

/// Show a customer
///
/// The `ETag` is what `If-Match` wants.
#[api_v2_operation(tags(Customers), operation_id = "showCustomer")]
pub(crate) async fn show(
    _admin: Admin,
    state: Data<State>,
    id: Path<CustomerId>,
) -> Result<Shown<CustomerBody>, Problem> {
    let customer = state.customers.get(id.0).await?.ok_or(Error::NotFound("customer"))?;
    Ok(Shown::new(CustomerBody::from(&customer)))
}
