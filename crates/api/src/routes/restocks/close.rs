use std::sync::Arc;

use application::restocks::{CancelRestock, ReceiveRestock};
use domain::restocks::{ReceivedUnits, Restock, RestockId};
use serde_json::{Value, json};

use super::TAG;
use super::body::RestockBody;
use crate::context::State;
use crate::extract::read::integer;
use crate::extract::{Fields, FromFields, IdempotentBody, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Rendered, Updated};

/// What came with a restock.
pub(crate) struct Receipt {
    quantity: Option<ReceivedUnits>,
}

impl FromFields for Receipt {
    const NAME: &'static str = "Receipt";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { quantity: fields.optional("quantity", &integer(ReceivedUnits::parse))? })
    }

    fn example() -> Value {
        json!({ "quantity": 12 })
    }
}

pub(crate) const RECEIVE: Operation = Operation::new(
    TAG,
    "receiveRestock",
    "Receive a restock: its units are on hand from now on",
    "Without a `quantity`, all units came that were ordered. With one, so many came, fewer or more than ordered. Either way \
     the restock is closed: if the product is still below its reorder point, the next one opens at once. Only an open \
     one can be received; one that brings nothing is cancelled.",
)
.problems(&[Kind::RESTOCK_CLOSED, Kind::STOCK_BOUNDS]);

pub(crate) async fn receive(
    staff: Staff,
    state: Arc<State>,
    id: Path<RestockId>,
    request: IdempotentBody<Receipt>,
) -> Result<Idempotent<Updated<RestockBody>>, Problem> {
    let receive = ReceiveRestock { id: id.0, came: request.body.quantity };
    Ok(staff.runner(&state).run_once(request.claim, receive, present).await?.try_into()?)
}

pub(crate) const CANCEL: Operation =
    Operation::new(TAG, "cancelRestock", "Cancel a restock", "Only an open restock can be cancelled.")
        .problems(&[Kind::RESTOCK_CLOSED]);

pub(crate) async fn cancel(
    staff: Staff,
    state: Arc<State>,
    id: Path<RestockId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<RestockBody>>, Problem> {
    Ok(staff.runner(&state).run_once(request.claim, CancelRestock { id: id.0 }, present).await?.try_into()?)
}

fn present(restock: &Restock) -> Rendered {
    Updated::with(&RestockBody::from(restock))
}
