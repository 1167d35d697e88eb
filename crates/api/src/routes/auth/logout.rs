use std::sync::Arc;

use application::accounts::Logout;

use super::TAG;
use super::refresh::GivenToken;
use crate::context::State;
use crate::extract::{Holder, IdempotentBody};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Idempotent, NoContent};

pub(crate) const LOGOUT: Operation = Operation::new(
    TAG,
    "logout",
    "Log out: end a refresh token and all that came from the same login",
    "Access tokens of that login end too: here at once, on other servers within a second. A refresh token that is not \
     there any more is no error.",
);

pub(crate) async fn logout(
    holder: Holder,
    state: Arc<State>,
    request: IdempotentBody<GivenToken>,
) -> Result<Idempotent<NoContent>, Problem> {
    let token = state.refresh.issuer.secrets.hash(&request.body.0);
    let logout = Logout { account_id: holder.0, token };
    Ok(state.runner.run_once(request.claim, logout, |()| NoContent::rendered()).await?.try_into()?)
}
