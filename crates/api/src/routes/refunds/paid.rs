use std::sync::Arc;

use application::payments::RefundPaid;
use domain::payments::{Reference, Refund, RefundId};
use serde_json::{Value, json};

use super::TAG;
use super::body::RefundBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Updated};

/// What names the money.
pub(crate) struct PaidByHand(Reference);

impl FromFields for PaidByHand {
    const NAME: &'static str = "RefundPaidByHand";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("reference", &text(Reference::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "reference": "statement 13, line 2" })
    }
}

pub(crate) const PAID: Operation = Operation::new(
    TAG,
    "refundPaid",
    "Say that a refund was paid by hand",
    "For refunds of bank transfers and cash, which no provider carries out.",
)
.problems(&[Kind::NOT_RECEIVABLE, Kind::DUPLICATE]);

pub(crate) async fn paid(
    staff: Staff,
    state: Arc<State>,
    id: Path<RefundId>,
    request: IdempotentBody<PaidByHand>,
) -> Result<Idempotent<Updated<RefundBody>>, Problem> {
    let paid = RefundPaid { id: id.0, reference: request.body.0 };
    let present = |refund: &Refund| Updated::with(&RefundBody::from(refund));
    Ok(staff.runner(&state).run_once(request.claim, paid, present).await?.try_into()?)
}
