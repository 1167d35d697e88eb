use std::sync::Arc;

use application::customers::UpdateCustomer;
use domain::customers::CustomerChange;

use crate::context::State;
use crate::extract::{Body, IfMatch, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;
use crate::routes::accounts::{AccountBody, found};
use crate::routes::auth::TAG;

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateMe",
    "Change the caller's name, email or phone",
    "Fields that are not named stay. `If-Match` compares the version of the customer.",
)
.problems(&[Kind::NOT_FOUND, Kind::DUPLICATE]);

pub(crate) async fn update(
    shopper: Shopper,
    state: Arc<State>,
    expected: IfMatch,
    change: Body<CustomerChange>,
) -> Result<Resource<AccountBody>, Problem> {
    let Shopper(customer_id, account_id) = shopper;
    state.runner.run(UpdateCustomer { id: customer_id, change: change.0, expected: expected.0 }).await?;
    Ok(Resource(AccountBody::own(&found(&state, account_id).await?)))
}
