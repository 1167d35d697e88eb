use std::sync::Arc;

use application::restocks::{RestockRun, RunRestocks};

use super::TAG;
use super::body::RunBody;
use crate::context::State;
use crate::extract::{IdempotentBody, Nothing, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Idempotent, Updated};

pub(crate) const RUN: Operation = Operation::new(
    TAG,
    "runRestocks",
    "Open a restock for each product that is below its reorder point and has none open",
    "The same happens by itself when a sale or an adjustment takes a product below its reorder point. If \
     `complete` is false, run it again.",
);

pub(crate) async fn run(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<RunBody>>, Problem> {
    let present = |run: &RestockRun| Updated::with(&RunBody::from(run));
    Ok(staff.runner(&state).run_once(request.claim, RunRestocks, present).await?.try_into()?)
}
