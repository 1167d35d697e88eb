use std::sync::Arc;

use application::restocks::{CancelRestock, ReceiveRestock};
use domain::restocks::{Restock, RestockId};

use super::TAG;
use super::body::RestockBody;
use crate::context::State;
use crate::extract::{IdempotentBody, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Rendered, Updated};

pub(crate) const RECEIVE: Operation = Operation::new(
    TAG,
    "receiveRestock",
    "Receive a restock: its units are on hand from now on",
    "Only an open one can be received.",
)
.problems(&[Kind::RESTOCK_CLOSED, Kind::STOCK_BOUNDS]);

pub(crate) async fn receive(
    staff: Staff,
    state: Arc<State>,
    id: Path<RestockId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<RestockBody>>, Problem> {
    Ok(staff.runner(&state).run_once(request.claim, ReceiveRestock { id: id.0 }, present).await?.try_into()?)
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
