//! Shipping methods, for staff.

mod body;
pub(super) mod create;
pub(super) mod delete;
mod tiers;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::pricing::ZoneId;
use domain::shipping_methods::{MethodFilter, MethodStatus, ShippingMethodId};
use domain::{PageRequest, SearchText};

use self::body::ShippingMethodBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, id_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Shipping methods", description: "Ways to ship into a zone, and what they cost. For staff." };

/// Which shipping methods are wanted.
pub(crate) struct ListQuery {
    filter: MethodFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let search = params.optional(
            "q",
            "Only those whose name and code hold all these words: at most 10, in any case and order; the last may be the \
             beginning of a word.",
            SearchText::parse,
        );
        let status = params.optional("status", "Only those of this status.", MethodStatus::parse);
        let zone_id = params.optional("zone_id", "Only those of this zone.", id_parameter(ZoneId));
        let page = params.page("shipping methods");
        Some(Self {
            filter: MethodFilter { search: search?.flatten(), status: status?, zone_id: zone_id? },
            page: page?,
        })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listShippingMethods",
    "List shipping methods, the oldest first, or search them by name and code",
    "Page by page, or only those of one status or zone.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<ShippingMethodBody>, Problem> {
    let page = state.queries.shipping_methods.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("shipping methods", page, |method| ShippingMethodBody::of(&method, state.shop)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showShippingMethod", "Show a shipping method", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<ShippingMethodId>,
) -> Result<Resource<ShippingMethodBody>, Problem> {
    let method = state.queries.shipping_methods.get(id.0).await?.ok_or(Error::NotFound("shipping method"))?;
    Ok(Resource(ShippingMethodBody::of(&method, state.shop)))
}
