//! Payments of orders.

pub(super) mod begin;
pub(super) mod body;
pub(super) mod capture;
pub(super) mod fields;
pub(super) mod methods;
pub(super) mod notices;
pub(super) mod receive;
pub(super) mod resolve;
pub(super) mod sync;
pub(super) mod test_provider;
pub(super) mod void;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::orders::OrderId;
use domain::payments::{Payment, PaymentFilter, PaymentId, PaymentStatus, ProviderName, Reference};

use self::body::PaymentBody;
use crate::context::State;
use crate::extract::{Caller, FromQuery, Params, Path, Query, Staff, boolean, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag {
    name: "Payments",
    description: "How orders are paid. An order is placed first, and paid after. What a provider says is asked for, \
                  never taken from a notice.",
};

/// Which payments are wanted.
pub(crate) struct ListQuery {
    filter: PaymentFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those in this status.", PaymentStatus::parse);
        let provider = params.optional("provider", "Only those of this provider.", ProviderName::parse);
        let reference = params.optional("reference", "Only those that their provider calls so.", Reference::parse);
        let from = params.optional("from", "Only those begun at this time or later.", time_parameter);
        let to = params.optional("to", "Only those begun before this time.", time_parameter);
        let unapplied =
            params.optional("unapplied", "`true` for those of orders that keep more than they are owed.", boolean);
        let with_finding = params.optional("finding", "`true` for those with something that does not add up.", boolean);
        let refund_to_pay = params.optional(
            "refund_to_pay",
            "`true` for those with refunds that you have to pay yourself: of bank transfers and cash.",
            boolean,
        );
        let page = params.page(LIST_OF_ALL);
        let filter = PaymentFilter {
            status: status?,
            provider: provider?,
            reference: reference?,
            from: from?,
            to: to?,
            unapplied: unapplied?.unwrap_or_default(),
            with_finding: with_finding?.unwrap_or_default(),
            refund_to_pay: refund_to_pay?.unwrap_or_default(),
        };
        Some(Self { filter, page: page? })
    }
}

const LIST_OF_ALL: &str = "payments";
const LIST_OF_ORDER: &str = "payments of an order";

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listPayments", "List payments, newest first", "Page by page, with what is looked for.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<PaymentBody>, Problem> {
    let found = state.queries.payments.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new(LIST_OF_ALL, found, |payment: Payment| PaymentBody::from(&payment)))
}

pub(crate) const OF_ORDER: Operation = Operation::new(
    TAG,
    "listPaymentsOfOrder",
    "List the payments of an order, newest first",
    "All of them. Customers see those of their own orders.",
);

pub(crate) async fn of_order(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
) -> Result<List<PaymentBody>, Problem> {
    let scope = caller.order_scope();
    let payments = state.queries.payments.of_order(id.0, scope).await?;
    if payments.is_empty() {
        state.queries.orders.get(id.0, scope).await?.ok_or(Error::NotFound("order"))?;
    }
    let all = domain::Page { items: payments, next: None };
    Ok(List::new(LIST_OF_ORDER, all, |payment: Payment| PaymentBody::from(&payment)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showPayment",
    "Show a payment",
    "As the shop knows it; the provider is not asked. Customers see those of their own orders, staff also what \
     the provider was asked.",
);

pub(crate) async fn show(
    caller: Caller,
    state: Arc<State>,
    id: Path<PaymentId>,
) -> Result<Resource<PaymentBody>, Problem> {
    let payment = find(&caller, &state, id.0).await?;
    let body = PaymentBody::from(&payment);
    if !caller.sees_all() {
        return Ok(Resource(body));
    }
    let operations = state.queries.payments.operations(payment.id).await?;
    Ok(Resource(body.with(&payment, &operations)))
}

/// The payment, if the caller may see its order.
async fn find(caller: &Caller, state: &State, id: PaymentId) -> Result<Payment, Problem> {
    let found = state.queries.payments.get(id, caller.order_scope()).await?;
    Ok(found.ok_or(Error::NotFound("payment"))?)
}
