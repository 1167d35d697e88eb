use actix_web::web::Data;
use application::customers::UpdateCustomer;
use domain::customers::CustomerChange;
use paperclip::actix::api_v2_operation;

use crate::answer::Shown;
use crate::extract::{Body, IfMatch, Shopper};
use crate::refused::{OwnCustomer, Refused};
use crate::routes::accounts::{AccountBody, found};
use crate::state::State;

/// Change the caller's name, email or phone
///
/// Fields that are not named stay. `If-Match` compares the version of the customer.
#[api_v2_operation(tags(Identity), operation_id = "updateMe")]
pub(crate) async fn update(
    shopper: Shopper,
    state: Data<State>,
    expected: IfMatch,
    change: Body<CustomerChange>,
) -> Result<Shown<AccountBody>, Refused<OwnCustomer>> {
    let Shopper(customer_id, account_id) = shopper;
    state.runner.run(UpdateCustomer { id: customer_id, change: change.0, expected: expected.0 }).await?;
    Ok(Shown::new(AccountBody::own(&found(&state, account_id).await?)))
}
