use actix_web::web::Data;
use application::accounts::Logout;
use paperclip::actix::api_v2_operation;

use super::refresh::GivenToken;
use crate::answer::{Kept, NoContent};
use crate::extract::{Caller, Once};
use crate::problem::Problem;
use crate::state::State;

/// Log out: end a refresh token and all that came from the same login
///
/// An access token ends by itself, within minutes. A refresh token that is not there any more is no error.
#[api_v2_operation(tags(Identity), operation_id = "logout")]
pub(crate) async fn logout(
    caller: Caller,
    state: Data<State>,
    once: Once<GivenToken>,
) -> Result<Kept<NoContent>, Problem> {
    let token = state.refresh.issuer.secrets.hash(&once.body.0);
    let logout = Logout { account_id: caller.access.account_id, token };
    Ok(state.runner.run_once(once.claim, logout, |()| NoContent::answer()).await?.try_into()?)
}
