use actix_web::web::Data;
use application::Answer;
use application::restocks::{CancelRestock, ReceiveRestock};
use domain::restocks::{Restock, RestockId};
use paperclip::actix::api_v2_operation;

use super::body::RestockBody;
use crate::answer::{Kept, Updated};
use crate::extract::{Admin, Nothing, Once, Path};
use crate::problem::Problem;
use crate::state::State;

/// Receive a restock: its units are on hand from now on
#[api_v2_operation(tags(Restocks), operation_id = "receiveRestock")]
pub(crate) async fn receive(
    admin: Admin,
    state: Data<State>,
    id: Path<RestockId>,
    once: Once<Nothing>,
) -> Result<Kept<Updated<RestockBody>>, Problem> {
    Ok(admin.runner(&state).run_once(once.claim, ReceiveRestock { id: id.0 }, present).await?.into())
}

/// Call a restock off
#[api_v2_operation(tags(Restocks), operation_id = "cancelRestock")]
pub(crate) async fn cancel(
    admin: Admin,
    state: Data<State>,
    id: Path<RestockId>,
    once: Once<Nothing>,
) -> Result<Kept<Updated<RestockBody>>, Problem> {
    Ok(admin.runner(&state).run_once(once.claim, CancelRestock { id: id.0 }, present).await?.into())
}

fn present(restock: &Restock) -> Answer {
    Updated::with(&RestockBody::from(restock))
}
