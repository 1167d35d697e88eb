use std::sync::Arc;

use application::payments::VoidPayment;
use domain::payments::PaymentId;

use super::TAG;
use super::body::{PaymentBody, carried_out};
use crate::context::State;
use crate::extract::{Caller, IdempotentBody, Nothing, Path};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::CarriedOut;

pub(crate) const VOID: Operation = Operation::new(
    TAG,
    "voidPayment",
    "Void a payment before any money was captured",
    "Customers give up their own, as long as no money is held. 202 if the provider has not answered yet.",
)
.problems(&[Kind::NOT_VOIDABLE]);

pub(crate) async fn void(
    caller: Caller,
    state: Arc<State>,
    id: Path<PaymentId>,
    request: IdempotentBody<Nothing>,
) -> Result<CarriedOut<PaymentBody>, Problem> {
    let void = VoidPayment { id: id.0, scope: caller.order_scope(), holder: state.payments.holder() };
    let acted = state.payments.act(&caller.runner(&state), request.claim, void).await?;
    Ok(carried_out(acted, !caller.sees_all()))
}
