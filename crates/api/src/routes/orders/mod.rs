//! Orders.

pub(super) mod advance;
mod body;
pub(super) mod cancel;
pub(super) mod place;
pub(super) mod tracking;

use actix_web::web::Data;
use application::Error;
use domain::PageRequest;
use domain::customers::CustomerId;
use domain::orders::{OrderFilter, OrderId, OrderStatus};
use paperclip::actix::api_v2_operation;

use self::body::OrderBody;
use crate::answer::{Listed, Shown};
use crate::extract::{Caller, FromQuery, Params, Path, Query, id_parameter, time_parameter};
use crate::problem::Problem;
use crate::state::State;

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

/// List orders, newest first
///
/// Customers see their own, administrators all. Page by page.
#[api_v2_operation(tags(Orders), operation_id = "listOrders")]
pub(crate) async fn list(
    caller: Caller,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<OrderBody>, Problem> {
    let page = state.orders.list(caller.order_scope(), &wanted.0.filter, &wanted.0.page).await?;
    Ok(Listed::new("orders", page, |order| OrderBody::from(&order)))
}

/// Show an order
///
/// Customers see their own: others are a 404 for them.
#[api_v2_operation(tags(Orders), operation_id = "showOrder")]
pub(crate) async fn show(caller: Caller, state: Data<State>, id: Path<OrderId>) -> Result<Shown<OrderBody>, Problem> {
    let order = state.orders.get(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("order"))?;
    Ok(Shown::new(OrderBody::from(&order)))
}
