use actix_web::web::Data;
use application::orders::CancelOrder;
use domain::orders::{Note, Order, OrderId};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::OrderBody;
use crate::answer::{Kept, Updated};
use crate::extract::read::text;
use crate::extract::{Caller, Fields, FromFields, Once, Path};
use crate::refused::Refused;
use crate::state::State;

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

/// Cancel an order that is not shipped yet; its stock comes back
///
/// Customers cancel their own, administrators any.
#[api_v2_operation(tags(Orders), operation_id = "cancelOrder")]
pub(crate) async fn cancel(
    caller: Caller,
    state: Data<State>,
    id: Path<OrderId>,
    once: Once<Cancellation>,
) -> Result<Kept<Updated<OrderBody>>, Refused<CancelOrder>> {
    let cancel = CancelOrder { id: id.0, scope: caller.order_scope(), reason: once.body.reason };
    let present = |order: &Order| Updated::with(&OrderBody::from(order));
    Ok(caller.runner(&state).run_once(once.claim, cancel, present).await?.try_into()?)
}
