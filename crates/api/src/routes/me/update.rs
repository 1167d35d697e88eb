use std::sync::Arc;

use application::mails::ChangeOwnDetails;
use domain::accounts::Network;
use domain::customers::CustomerChange;

use crate::context::State;
use crate::extract::{Body, ClientAddress, IfMatch, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;
use crate::routes::accounts::AccountBody;
use crate::routes::auth::TAG;
use crate::routes::me::own;

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateMe",
    "Change the caller's name, email or phone",
    "Fields that are not named stay. `If-Match` compares the version of the customer. In a shop that sends mail another \
     address becomes the customer's when it is proved: a mail goes there, and until then nothing changes.",
)
.problems(&[Kind::NOT_FOUND, Kind::DUPLICATE, Kind::TOO_MANY]);

pub(crate) async fn update(
    shopper: Shopper,
    state: Arc<State>,
    from: ClientAddress,
    expected: IfMatch,
    change: Body<CustomerChange>,
) -> Result<Resource<AccountBody>, Problem> {
    let Shopper(customer_id, account_id) = shopper;
    let (id, change, expected) = (customer_id, change.0, expected.0);
    let from = Network::of(from.0);
    state.runner.run(ChangeOwnDetails { id, account_id, change, expected, from }).await?;
    Ok(Resource(own(&state, account_id).await?))
}
