use actix_web::web::Data;
use application::restocks::{CancelRestock, ReceiveRestock};
use domain::restocks::{Restock, RestockId};
use paperclip::actix::api_v2_operation;

use super::body::RestockBody;
use crate::answer::{Answer, Kept, Updated};
use crate::extract::{Admin, Nothing, Once, Path};
use crate::refused::Refused;
use crate::state::State;

/// Receive a restock: its units are on hand from now on
///
/// Only an open one can be received.
#[api_v2_operation(tags(Restocks), operation_id = "receiveRestock")]
pub(crate) async fn receive(
    admin: Admin,
    state: Data<State>,
    id: Path<RestockId>,
    once: Once<Nothing>,
) -> Result<Kept<Updated<RestockBody>>, Refused<ReceiveRestock>> {
    Ok(admin.runner(&state).run_once(once.claim, ReceiveRestock { id: id.0 }, present).await?.try_into()?)
}

/// Call a restock off
///
/// Only an open one can be called off.
#[api_v2_operation(tags(Restocks), operation_id = "cancelRestock")]
pub(crate) async fn cancel(
    admin: Admin,
    state: Data<State>,
    id: Path<RestockId>,
    once: Once<Nothing>,
) -> Result<Kept<Updated<RestockBody>>, Refused<CancelRestock>> {
    Ok(admin.runner(&state).run_once(once.claim, CancelRestock { id: id.0 }, present).await?.try_into()?)
}

fn present(restock: &Restock) -> Answer {
    Updated::with(&RestockBody::from(restock))
}
