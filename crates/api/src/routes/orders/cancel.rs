use std::sync::Arc;

use application::orders::{CancelOrder, CancelledOrder};
use domain::orders::{Note, OrderId};
use serde_json::{Value, json};

use super::TAG;
use super::body::OrderBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Caller, Fields, FromFields, IdempotentBody, Path};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Updated};

/// Why an order is cancelled.
pub(crate) struct Cancellation {
    reason: Option<Note>,
}

impl FromFields for Cancellation {
    const NAME: &'static str = "Cancellation";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.optional("reason", &text(Note::parse)).map(|reason| Self { reason })
    }

    fn example() -> Value {
        json!({ "reason": "Ordered the wrong colour" })
    }
}

pub(crate) const CANCEL: Operation = Operation::new(
    TAG,
    "cancelOrder",
    "Cancel an order that is not shipped yet; its stock comes back",
    "Customers cancel their own, staff any.",
)
.problems(&[Kind::ORDER_STEP, Kind::ORDER_FIXED]);

pub(crate) async fn cancel(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
    request: IdempotentBody<Cancellation>,
) -> Result<Idempotent<Updated<OrderBody>>, Problem> {
    let cancel = CancelOrder { id: id.0, scope: caller.order_scope(), reason: request.body.reason };
    let present = |cancelled: &CancelledOrder| Updated::with(&OrderBody::from(&cancelled.order));
    Ok(caller.runner(&state).run_once(request.claim, cancel, present).await?.try_into()?)
}
