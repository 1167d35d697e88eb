//! Orders.

pub(super) mod advance;
mod body;
pub(super) mod cancel;
pub(super) mod live;
pub(super) mod packing_slip;
pub(super) mod place;
pub(super) mod tracking;

use std::collections::HashMap;
use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::customers::CustomerId;
use domain::orders::{Order, OrderFilter, OrderId, OrderNumber, OrderSearch, OrderStatus};
use domain::payments::OrderPaymentStatus;

use self::body::OrderBody;
use crate::context::State;
use crate::extract::{Caller, FromQuery, Params, Path, Query, id_parameter, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource, customers_of};

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
        let number = params.optional(
            "number",
            "Only the one with this number, however it is typed: in capitals or not, with or without dashes, O for 0, I or L \
             for 1. A number with a typing mistake is refused.",
            OrderNumber::parse,
        );
        let status = params.optional("status", "Only those of this status.", OrderStatus::parse);
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
        let page = params.page(if updated_after.flatten().is_some() { BY_CHANGE } else { BY_AGE });
        let filter = OrderFilter {
            number: number?,
            search: search?,
            updated_after: updated_after?,
            customer_id: customer_id?,
            status: status?,
            payment_status: payment_status?,
            placed_after: placed_after?,
            placed_before: placed_before?,
        };
        Some(Self { filter, page: page? })
    }
}

const BY_AGE: &str = "orders";
const BY_CHANGE: &str = "orders by change";

/// Each order is a list of its own, so that its cursors are of no use in the other.
fn list_of(filter: &OrderFilter) -> &'static str {
    if filter.updated_after.is_some() { BY_CHANGE } else { BY_AGE }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listOrders",
    "List orders, newest first",
    "Customers see their own, administrators all, each with its `customer`. Page by page.",
);

pub(crate) async fn list(caller: Caller, state: Arc<State>, wanted: Query<Wanted>) -> Result<List<OrderBody>, Problem> {
    let Wanted { filter, page } = wanted.0;
    let found = state.queries.orders.list(caller.order_scope(), &filter, &page).await?;
    let customers = if caller.sees_all() {
        customers_of(&state.queries, found.items.iter().map(|order| order.customer_id)).await?
    } else {
        HashMap::new()
    };
    let present = |order: Order| OrderBody::from(&order).with(customers.get(&order.customer_id));
    Ok(List::new(list_of(&filter), found, present))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showOrder", "Show an order", "Customers see their own: others are a 404 for them.");

pub(crate) async fn show(caller: Caller, state: Arc<State>, id: Path<OrderId>) -> Result<Resource<OrderBody>, Problem> {
    let order = state.queries.orders.get(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("order"))?;
    Ok(Resource(OrderBody::from(&order)))
}
