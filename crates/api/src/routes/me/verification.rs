use std::sync::Arc;

use application::Error;
use application::mails::AskForVerification;
use domain::accounts::Network;

use crate::context::State;
use crate::extract::{ClientAddress, IdempotentBody, Nothing, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Accepted, Idempotent};
use crate::routes::auth::TAG;
use crate::routes::auth::forgot::MailAsked;

pub(crate) const ASK: Operation = Operation::new(
    TAG,
    "askForVerification",
    "Ask for a mail that proves the caller's email address",
    "It brings a link that is good once, for 24 hours. At most 3 an hour for an address, and 20 for a client.",
)
.problems(&[Kind::NO_MAIL, Kind::NOT_FOUND, Kind::TOO_MANY]);

pub(crate) async fn ask(
    shopper: Shopper,
    state: Arc<State>,
    from: ClientAddress,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Accepted<MailAsked>>, Problem> {
    state.expect_mail()?;
    let Shopper(customer_id, account_id) = shopper;
    let customer = state.queries.customers.get(customer_id).await?.ok_or(Error::NotFound("customer"))?;
    let ask = AskForVerification { customer, account_id, from: Network::of(from.0) };
    let present = |(): &()| Accepted::with(&MailAsked::ACCEPTED);
    Ok(state.runner.run_once(request.claim, ask, present).await?.try_into()?)
}
