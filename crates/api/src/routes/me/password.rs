use actix_web::web::Data;
use domain::accounts::Password;
use paperclip::actix::api_v2_operation;

use crate::answer::{Kept, NoContent};
use crate::extract::read::password;
use crate::extract::{Caller, Fields, FromFields, Once};
use crate::problem::Problem;
use crate::state::State;

/// The password now, and another.
pub(crate) struct NewPassword {
    current: Password,
    new: Password,
}

impl FromFields for NewPassword {
    const NAME: &'static str = "NewPassword";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let current = fields.required("current_password", &password(|raw| Ok(Password::claimed(raw.to_owned()))));
        let new = fields.required("new_password", &password(Password::parse));
        Some(Self { current: current?, new: new? })
    }
}

/// Change the caller's password, which ends every token
#[api_v2_operation(tags(Identity), operation_id = "changePassword")]
pub(crate) async fn change(
    caller: Caller,
    state: Data<State>,
    once: Once<NewPassword>,
) -> Result<Kept<NoContent>, Problem> {
    let Once { body: NewPassword { current, new }, claim } = once;
    let replace = state.change_password.prepare(caller.access.account_id, &current, &new).await?;
    Ok(state.runner.run_once(claim, replace, |()| NoContent::answer()).await?.into())
}
