use actix_web::web::Data;
use application::accounts::{ChangePassword, NewPassword};
use domain::accounts::Password;
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use crate::answer::{Kept, NoContent};
use crate::extract::read::{secret, text};
use crate::extract::{Caller, ClientAddress, Fields, FromFields, Once};
use crate::refused::Refused;
use crate::state::State;

/// The password now, and another.
pub(crate) struct Passwords {
    current: Password,
    new: Password,
}

impl FromFields for Passwords {
    const NAME: &'static str = "NewPassword";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let current = fields.required("current_password", &secret(Password::claimed));
        let new = fields.required("new_password", &text(Password::parse));
        Some(Self { current: current?, new: new? })
    }

    fn example() -> Value {
        json!({ "current_password": "correct horse battery", "new_password": "staple the battery" })
    }
}

/// Change the caller's password, which ends every token
///
/// Asks for the current password too; a wrong one is a 422 that names the field. Log in again afterwards.
#[api_v2_operation(tags(Identity), operation_id = "changePassword")]
pub(crate) async fn change(
    caller: Caller,
    state: Data<State>,
    from: ClientAddress,
    once: Once<Passwords>,
) -> Result<Kept<NoContent>, Refused<ChangePassword>> {
    let Once { body: Passwords { current, new }, claim } = once;
    let change = NewPassword { account_id: caller.access.account_id, current, new, address: from.0 };
    Ok(state.change_password.run(claim, &change, |()| NoContent::answer()).await?.try_into()?)
}
