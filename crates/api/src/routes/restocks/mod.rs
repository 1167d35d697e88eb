//! Restocks, for staff.

mod body;
pub(super) mod close;
pub(super) mod run;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::products::ProductId;
use domain::restocks::{Restock, RestockFilter, RestockId, RestockStatus};

use self::body::RestockBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, id_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource, products_of};

pub(super) const TAG: &Tag = &Tag { name: "Restocks", description: "What is on its way into stock. For staff." };

/// Which restocks are wanted.
pub(crate) struct ListQuery {
    filter: RestockFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", RestockStatus::parse);
        let product_ids = params.several(
            "product_id",
            "Only those of this product; up to 100, each as a parameter.",
            100,
            id_parameter(ProductId),
        );
        let page = params.page("restocks");
        Some(Self { filter: RestockFilter { product_ids: product_ids?, status: status? }, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listRestocks",
    "List restocks, newest first",
    "Page by page, or only those of one status, each with its `product`. Archived products are never restocked: what is \
     open of one stays open, and its product says `archived`.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<RestockBody>, Problem> {
    let page = state.queries.restocks.list(&query.0.filter, &query.0.page).await?;
    let products = products_of(&state.queries, page.items.iter().map(|restock| restock.product_id)).await?;
    let named = |restock: Restock| RestockBody::from(&restock).with(products.get(&restock.product_id));
    Ok(List::new("restocks", page, named))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showRestock", "Show a restock", "Units of a product that are on their way, or were.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<RestockId>,
) -> Result<Resource<RestockBody>, Problem> {
    let restock = state.queries.restocks.get(id.0).await?.ok_or(Error::NotFound("restock"))?;
    let products = products_of(&state.queries, std::iter::once(restock.product_id)).await?;
    Ok(Resource(RestockBody::from(&restock).with(products.get(&restock.product_id))))
}
