use std::sync::Arc;

use application::Error;
use application::payments::RefundOrder;
use domain::orders::{Note, OrderId};
use domain::payments::{PaymentId, Reference, RefundReason, RefundRequest};
use serde_json::{Value, json};

use super::TAG;
use super::body::RefundBody;
use crate::context::State;
use crate::extract::read::{id, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Begun;
use crate::routes::payments::fields::Amount;

/// Money that the staff give back.
pub(crate) struct NewRefund {
    amount: Amount,
    payment_id: Option<PaymentId>,
    reason: RefundReason,
    note: Option<Note>,
    outside: Option<Outside>,
}

/// What names money that was paid by other means.
struct Outside(Reference);

impl FromFields for Outside {
    const NAME: &'static str = "PaidOutside";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("reference", &text(Reference::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "reference": "cash book 31, line 7" })
    }
}

impl FromFields for NewRefund {
    const NAME: &'static str = "NewRefund";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let amount = fields.required("amount", &object::<Amount>());
        let payment_id = fields.optional("payment_id", &id(PaymentId));
        let reason = fields.required("reason", &text(RefundReason::parse));
        let note = fields.optional("note", &text(Note::parse));
        let outside = fields.optional("outside", &object::<Outside>());
        Some(Self { amount: amount?, payment_id: payment_id?, reason: reason?, note: note?, outside: outside? })
    }

    fn example() -> Value {
        json!({ "amount": Amount::example(), "reason": "damaged", "note": "One of the mugs was broken." })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "refundOrder",
    "Give money of an order back",
    "The way it came: without `payment_id` from the newest payment that can give all of it. With `outside` it is only \
     recorded, because it was paid by other means, such as cash. 202 if the provider has not answered yet.",
)
.problems(&[Kind::NOT_REFUNDABLE, Kind::AMOUNT_NOT_CHARGEABLE, Kind::DUPLICATE, Kind::ORDER_FIXED]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    order: Path<OrderId>,
    request: IdempotentBody<NewRefund>,
) -> Result<Begun<RefundBody>, Problem> {
    let IdempotentBody { body: NewRefund { amount, payment_id, reason, note, outside }, claim } = request;
    let request = RefundRequest {
        amount: amount.get(),
        payment_id,
        reason,
        note,
        outside: outside.map(|outside| outside.0),
        holder: state.payments.holder(),
    };
    let providers = state.payments.providers().clone();
    let refund = RefundOrder { order_id: order.0, request, seen: None, providers };
    let acted = state.payments.act(&staff.runner(&state), claim, refund).await?;
    let refund = acted.refund.ok_or(Error::NotFound("refund"))?;
    Ok(Begun {
        location: format!("/api/v1/refunds/{}", refund.id),
        body: RefundBody::from(&refund),
        is_finished: acted.is_finished,
        is_new: acted.is_new,
        is_replayed: acted.is_replayed,
    })
}
