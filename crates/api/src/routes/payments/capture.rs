use std::sync::Arc;

use application::payments::CapturePayment;
use domain::payments::PaymentId;
use serde_json::{Value, json};

use super::TAG;
use super::body::{PaymentBody, carried_out};
use super::fields::Amount;
use crate::context::State;
use crate::extract::read::object;
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::CarriedOut;

/// How much is taken.
pub(crate) struct Capture {
    amount: Option<Amount>,
}

impl FromFields for Capture {
    const NAME: &'static str = "Capture";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.optional("amount", &object::<Amount>()).map(|amount| Self { amount })
    }

    fn example() -> Value {
        json!({ "amount": Amount::example() })
    }
}

pub(crate) const CAPTURE: Operation = Operation::new(
    TAG,
    "capturePayment",
    "Take money that is held",
    "Without `amount` the smaller of what is held and what is due. Most providers take once: what is not taken then is \
     `released`. 202 if the provider has not answered yet.",
)
.problems(&[Kind::NOT_CAPTURABLE, Kind::AMOUNT_NOT_CHARGEABLE]);

pub(crate) async fn capture(
    staff: Staff,
    state: Arc<State>,
    id: Path<PaymentId>,
    request: IdempotentBody<Capture>,
) -> Result<CarriedOut<PaymentBody>, Problem> {
    let capture = CapturePayment {
        id: id.0,
        amount: request.body.amount.map(Amount::get),
        expected: None,
        providers: state.payments.providers().clone(),
        holder: state.payments.holder(),
    };
    let acted = state.payments.act(&staff.runner(&state), request.claim, capture).await?;
    Ok(carried_out(acted, false))
}
