//! Orders.

pub(super) mod advance;
mod body;
pub(super) mod cancel;
pub(super) mod edit;
pub(crate) mod export;
pub(super) mod live;
pub(super) mod packing_slip;
pub(super) mod place;
pub(super) mod tracking;

use std::collections::HashMap;
use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::customers::CustomerId;
use domain::orders::{
    Order, OrderFilter, OrderId, OrderNumber, OrderPaymentStatus, OrderSearch, OrderSort, OrderStage, OrderStatus,
    TrackingNumber,
};
use domain::products::ProductId;

use self::body::OrderBody;
use crate::context::State;
use crate::extract::{Caller, FromQuery, Params, Path, Query, id_parameter, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource, customers_of};

pub(super) const TAG: &Tag =
    &Tag { name: "Orders", description: "What was bought, at which price, and how far it has come." };

/// Which orders are wanted.
pub(crate) struct ListQuery {
    filter: OrderFilter,
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
fn filter(params: &mut Params<'_>) -> (Option<OrderFilter>, &'static str) {
    let ids =
        params.several("id", "Only the one with this id; up to 100, each as a parameter.", 100, id_parameter(OrderId));
    let customer_id = params.optional("customer_id", "Only those of this customer.", id_parameter(CustomerId));
    let number = params.optional(
        "number",
        "Only the one with this number, however it is typed: in capitals or not, with or without dashes, O for 0, I or L \
         for 1. A number with a typing mistake is refused.",
        OrderNumber::parse,
    );
    let tracking_number = params.optional(
        "tracking_number",
        "Only those whose parcel has exactly this tracking number.",
        TrackingNumber::parse,
    );
    let product_id = params.optional("product_id", "Only those with this product.", id_parameter(ProductId));
    let status = params.optional("status", "Only those of this status.", OrderStatus::parse);
    let stage = params.optional(
        "stage",
        "Only those with which this is still to be done: `to_ship`, those that may be shipped now, which are placed or \
         processing and do not wait for money; `open`, those that are neither delivered nor cancelled.",
        OrderStage::parse,
    );
    let payment_status =
        params.optional("payment_status", "Only those of this payment status.", OrderPaymentStatus::parse);
    let placed_after = params.optional("placed_after", "Only those placed at this time or later.", time_parameter);
    let placed_before = params.optional("placed_before", "Only those placed before this time.", time_parameter);
    let updated_after = params.optional(
        "updated_after",
        "Only those that were changed at this time or later, in order of their last change. Ask again from a minute \
         before the last one seen: changes may become visible out of order.",
        time_parameter,
    );
    let search = params.optional(
        "q",
        "Only the order whose id begins with this (8 characters or more), and those of customers whose name or email \
         address holds all these words, as in the list of customers.",
        OrderSearch::parse,
    );
    let sort = params.optional(
        "sort",
        "The order: `-placed_at` for the newest first, as without it, or `placed_at` for the oldest first.",
        OrderSort::parse,
    );
    let is_by_change = updated_after.flatten().is_some();
    let sort = params.sort_unless_by_change(is_by_change, sort);
    let list = list_of(is_by_change, sort.flatten());
    let filter = || {
        Some(OrderFilter {
            ids: ids?,
            number: number?,
            tracking_number: tracking_number?,
            product_id: product_id?,
            search: search?,
            updated_after: updated_after?,
            customer_id: customer_id?,
            status: status?,
            stage: stage?,
            sort: sort?,
            payment_status: payment_status?,
            placed_after: placed_after?,
            placed_before: placed_before?,
        })
    };
    (filter(), list)
}

const BY_AGE: &str = "orders";
const OLDEST_FIRST: &str = "orders, oldest first";
const BY_CHANGE: &str = "orders by change";

/// Each order is a list of its own, so that its cursors are of no use in the others.
fn list_of(is_by_change: bool, sort: Option<OrderSort>) -> &'static str {
    match (is_by_change, sort) {
        (true, _) => BY_CHANGE,
        (false, Some(OrderSort::Oldest)) => OLDEST_FIRST,
        (false, Some(OrderSort::Newest) | None) => BY_AGE,
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listOrders",
    "List orders, the newest or the oldest first",
    "Customers see their own, staff all, each with its `customer`. Page by page.",
);

pub(crate) async fn list(
    caller: Caller,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<OrderBody>, Problem> {
    let ListQuery { filter, page } = query.0;
    let found = state.queries.orders.list(caller.order_scope(), &filter, &page).await?;
    let customers = if caller.sees_all() {
        customers_of(&state.queries, found.items.iter().map(|order| order.customer_id)).await?
    } else {
        HashMap::new()
    };
    let present = |order: Order| OrderBody::from(&order).with(customers.get(&order.customer_id));
    Ok(List::new(list_of(filter.updated_after.is_some(), filter.sort), found, present))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showOrder", "Show an order", "Customers see their own: others are a 404 for them.");

pub(crate) async fn show(caller: Caller, state: Arc<State>, id: Path<OrderId>) -> Result<Resource<OrderBody>, Problem> {
    let order = state.queries.orders.get(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("order"))?;
    Ok(Resource(OrderBody::from(&order)))
}
