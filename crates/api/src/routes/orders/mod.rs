//! Orders.

pub(super) mod advance;
mod body;
pub(super) mod cancel;
pub(super) mod place;
pub(super) mod tracking;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::customers::CustomerId;
use domain::orders::{OrderFilter, OrderId, OrderStatus};

use self::body::OrderBody;
use crate::context::State;
use crate::extract::{Caller, FromQuery, Params, Path, Query, id_parameter, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Orders", description: "What was bought, at which price, and how far it has come." };

/// Which orders are wanted.
pub(crate) struct Wanted {
    filter: OrderFilter,
    page: PageRequest,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let customer_id = params.optional("customer_id", "Only those of this customer.", id_parameter(CustomerId));
        let status = params.optional("status", "Only those of this status.", OrderStatus::parse);
        let placed_after = params.optional("placed_after", "Only those placed at this time or later.", time_parameter);
        let placed_before = params.optional("placed_before", "Only those placed before this time.", time_parameter);
        let page = params.page("orders");
        let filter = OrderFilter {
            customer_id: customer_id?,
            status: status?,
            placed_after: placed_after?,
            placed_before: placed_before?,
        };
        Some(Self { filter, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listOrders",
    "List orders, newest first",
    "Customers see their own, administrators all. Page by page.",
);

pub(crate) async fn list(caller: Caller, state: Arc<State>, wanted: Query<Wanted>) -> Result<List<OrderBody>, Problem> {
    let page = state.queries.orders.list(caller.order_scope(), &wanted.0.filter, &wanted.0.page).await?;
    Ok(List::new("orders", page, |order| OrderBody::from(&order)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showOrder", "Show an order", "Customers see their own: others are a 404 for them.");

pub(crate) async fn show(caller: Caller, state: Arc<State>, id: Path<OrderId>) -> Result<Resource<OrderBody>, Problem> {
    let order = state.queries.orders.get(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("order"))?;
    Ok(Resource(OrderBody::from(&order)))
}
