use std::sync::Arc;

use application::payments::ReceivePayment;
use domain::Date;
use domain::payments::{Payment, PaymentId, Reference};
use serde_json::{Value, json};

use super::TAG;
use super::body::{PaymentBody, location};
use super::fields::Amount;
use crate::context::State;
use crate::extract::read::{day, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

/// Money that the staff have found.
pub(crate) struct NewReceipt {
    amount: Amount,
    reference: Reference,
    received_on: Date,
}

impl FromFields for NewReceipt {
    const NAME: &'static str = "NewReceipt";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let amount = fields.required("amount", &object::<Amount>());
        let reference = fields.required("reference", &text(Reference::parse));
        let received_on = fields.required("received_on", &day());
        Some(Self { amount: amount?, reference: reference?, received_on: received_on? })
    }

    fn example() -> Value {
        json!({ "amount": Amount::example(), "reference": "statement 12, line 7", "received_on": "2026-01-31" })
    }
}

pub(crate) const RECEIVE: Operation = Operation::new(
    TAG,
    "receivePayment",
    "Enter money that came by bank transfer or in cash",
    "The same `reference` counts once for each provider. Less than is to be paid leaves the payment open.",
)
.problems(&[Kind::NOT_RECEIVABLE, Kind::DUPLICATE]);

pub(crate) async fn receive(
    staff: Staff,
    state: Arc<State>,
    id: Path<PaymentId>,
    request: IdempotentBody<NewReceipt>,
) -> Result<Idempotent<Created<PaymentBody>>, Problem> {
    let IdempotentBody { body: NewReceipt { amount, reference, received_on }, claim } = request;
    let receive = ReceivePayment { id: id.0, amount: amount.get(), reference, received_on };
    let present = |payment: &Payment| Created::at(location(payment.id), &PaymentBody::from(payment));
    Ok(staff.runner(&state).run_once(claim, receive, present).await?.try_into()?)
}
