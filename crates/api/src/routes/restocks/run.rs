use actix_web::web::Data;
use application::restocks::{RestockRun, RunRestocks};
use paperclip::actix::api_v2_operation;

use super::body::RunBody;
use crate::answer::{Kept, Updated};
use crate::extract::{Admin, Nothing, Once};
use crate::problem::Problem;
use crate::state::State;

/// Open a restock for each product that is below its threshold and has none open
///
/// The same happens by itself when a sale or an adjustment takes a product below its threshold. If `complete` is false,
/// run it again.
#[api_v2_operation(tags(Restocks), operation_id = "runRestocks")]
pub(crate) async fn run(
    admin: Admin,
    state: Data<State>,
    once: Once<Nothing>,
) -> Result<Kept<Updated<RunBody>>, Problem> {
    let present = |run: &RestockRun| Updated::with(&RunBody::from(run));
    Ok(admin.runner(&state).run_once(once.claim, RunRestocks, present).await?.try_into()?)
}
