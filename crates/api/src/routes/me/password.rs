use std::sync::Arc;

use application::accounts::NewPassword;
use domain::accounts::Password;
use serde_json::{Value, json};

use crate::context::State;
use crate::extract::read::{secret, text};
use crate::extract::{ClientAddress, Fields, FromFields, Holder, IdempotentBody};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, NoContent};
use crate::routes::auth::TAG;

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

pub(crate) const CHANGE: Operation = Operation::new(
    TAG,
    "changePassword",
    "Change the caller's password, which ends every token",
    "Asks for the current password too; a wrong one is a 422 that names the field. Log in again afterwards.",
)
.problems(&[Kind::NOT_FOUND, Kind::TOO_MANY, Kind::BUSY]);

pub(crate) async fn change(
    holder: Holder,
    state: Arc<State>,
    from: ClientAddress,
    request: IdempotentBody<Passwords>,
) -> Result<Idempotent<NoContent>, Problem> {
    let IdempotentBody { body: Passwords { current, new }, claim } = request;
    let change = NewPassword { account_id: holder.0, current, new, address: from.0 };
    Ok(state.change_password.run(claim, &change, |()| NoContent::rendered()).await?.try_into()?)
}
