use std::sync::Arc;

use application::Error;
use application::payments::BeginPayment;
use domain::orders::OrderId;
use domain::payments::{MethodName, ProviderName, ReturnUrl};
use domain::{Code, Invalid};
use serde_json::{Value, json};

use super::TAG;
use super::body::{PaymentBody, begun};
use super::fields::Amount;
use crate::context::State;
use crate::extract::read::{object, text};
use crate::extract::{Caller, Fields, FromFields, IdempotentBody, Path};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Begun;

/// How an order is paid.
pub(crate) struct NewPayment {
    provider: ProviderName,
    method: Option<MethodName>,
    return_url: Option<ReturnUrl>,
    amount: Option<Amount>,
}

impl FromFields for NewPayment {
    const NAME: &'static str = "NewPayment";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let provider = fields.required("provider", &text(ProviderName::parse));
        let method = fields.optional("method", &text(MethodName::parse));
        let return_url = fields.optional("return_url", &text(ReturnUrl::parse));
        let amount = fields.optional("amount", &object::<Amount>());
        Some(Self { provider: provider?, method: method?, return_url: return_url?, amount: amount? })
    }

    fn example() -> Value {
        json!({ "provider": "stripe" })
    }
}

pub(crate) const BEGIN: Operation = Operation::new(
    TAG,
    "beginPayment",
    "Pay an order: begin a payment of what is due",
    "`next_action` says what the customer does now. If the order has an open payment of the same provider and amount, \
     that one is answered (200); another one is given up first. 202 if the provider has not answered yet: ask for the \
     payment again. Customers pay their own orders; only staff choose an `amount`. `return_url` has to be a \
     page of the shop.",
)
.problems(&[
    Kind::CONFLICT,
    Kind::ORDER_EXPIRED,
    Kind::NOTHING_DUE,
    Kind::PAYMENT_IN_PROGRESS,
    Kind::AMOUNT_BELOW_MINIMUM,
    Kind::AMOUNT_NOT_CHARGEABLE,
]);

pub(crate) async fn begin(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
    request: IdempotentBody<NewPayment>,
) -> Result<Begun<PaymentBody>, Problem> {
    let IdempotentBody { body: NewPayment { provider, method, return_url, amount }, claim } = request;
    let is_customer = !caller.sees_all();
    if is_customer && amount.is_some() {
        let why = "is for staff: customers pay what is due";
        return Err(Error::field("amount", Invalid::new(Code::NotAllowed, why)).into());
    }
    if let Some(page) = &return_url {
        state.return_pages.check(page).map_err(|invalid| Error::field("return_url", invalid))?;
    }
    let begin = BeginPayment {
        order_id: id.0,
        scope: caller.order_scope(),
        provider,
        method,
        return_url,
        amount: amount.map(Amount::get),
        providers: state.payments.providers().clone(),
        holder: state.payments.holder(),
    };
    let acted = state.payments.pay(&caller.runner(&state), claim, begin).await?;
    Ok(begun(acted, is_customer))
}
