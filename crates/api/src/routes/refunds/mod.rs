//! Money that goes back.

pub(super) mod body;
pub(super) mod create;
pub(super) mod paid;

use std::sync::Arc;

use application::Error;
use domain::orders::OrderId;
use domain::payments::{Refund, RefundId};

use self::body::RefundBody;
use crate::context::State;
use crate::extract::{Caller, Path};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Refunds", description: "Money that goes back to customers, mostly the way it came." };

pub(crate) const OF_ORDER: Operation = Operation::new(
    TAG,
    "listRefundsOfOrder",
    "List the refunds of an order, newest first",
    "All of them. Customers see those of their own orders.",
);

pub(crate) async fn of_order(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
) -> Result<List<RefundBody>, Problem> {
    let scope = caller.order_scope();
    let refunds = state.queries.payments.refunds(id.0, scope).await?;
    if refunds.is_empty() {
        state.queries.orders.get(id.0, scope).await?.ok_or(Error::NotFound("order"))?;
    }
    let all = domain::Page { items: refunds, next: None };
    Ok(List::new("refunds of an order", all, |refund: Refund| shown(&caller, &refund)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showRefund", "Show a refund", "Customers see those of their own orders.");

pub(crate) async fn show(
    caller: Caller,
    state: Arc<State>,
    id: Path<RefundId>,
) -> Result<Resource<RefundBody>, Problem> {
    let refund = state.queries.payments.refund(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("refund"))?;
    Ok(Resource(shown(&caller, &refund)))
}

/// What the staff noted stays among the staff.
fn shown(caller: &Caller, refund: &Refund) -> RefundBody {
    let body = RefundBody::from(refund);
    if caller.sees_all() { body } else { body.without_note() }
}
