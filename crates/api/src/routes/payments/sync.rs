use std::sync::Arc;

use domain::payments::PaymentId;

use super::body::PaymentBody;
use super::{TAG, find};
use crate::context::State;
use crate::extract::{Body, Caller, Nothing, Path};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::NoStore;

pub(crate) const SYNC: Operation = Operation::new(
    TAG,
    "syncPayment",
    "Ask the provider of a payment what it says now",
    "For the page that a customer returns to. A customer's request asks at most once in two seconds for each payment, and \
     shows the payment as it is stored in between.",
);

pub(crate) async fn sync(
    caller: Caller,
    state: Arc<State>,
    id: Path<PaymentId>,
    _nothing: Body<Nothing>,
) -> Result<NoStore<PaymentBody>, Problem> {
    let payment = find(&caller, &state, id.0).await?;
    let is_customer = !caller.sees_all();
    let asked = if is_customer {
        state.payments.sync_for_customer(&payment).await?
    } else {
        state.payments.sync(&payment).await?
    };
    Ok(NoStore(PaymentBody::from(&asked.payment).acting(asked.next_action, is_customer)))
}
