use std::sync::Arc;

use application::Error;
use serde_json::{Value, json};

use super::TAG;
use crate::context::{CannotAct, CustomerAct, State};
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, Holder, Path, ReferenceSegment};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;

/// What the customer does.
pub(crate) struct Act(CustomerAct);

impl FromFields for Act {
    const NAME: &'static str = "TestAct";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("outcome", &text(CustomerAct::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "outcome": "pay" })
    }
}

pub(crate) const ACT: Operation = Operation::new(
    TAG,
    "actAtTestProvider",
    "Act as the customer of a payment of the test provider",
    "Stands in for a real provider's page. It does not change the order itself: the shop then asks the provider, as with \
     a real one.",
)
.problems(&[Kind::CONFLICT]);

pub(crate) async fn act(
    _holder: Holder,
    state: Arc<State>,
    reference: Path<ReferenceSegment>,
    request: Body<Act>,
) -> Result<NoContent, Problem> {
    let customers = state.test_customers.clone().ok_or(Error::NotFound("test provider"))?;
    customers(reference.0.0, request.0.0).await.map_err(|refused| match refused {
        CannotAct::Unknown => Error::NotFound("payment of the test provider").into(),
        CannotAct::NotWaiting => Problem::new(Kind::CONFLICT, "The payment does not wait for its customer."),
        CannotAct::Store(error) => error.into(),
    })?;
    Ok(NoContent)
}
