use std::sync::Arc;

use application::accounts::Farewell;
use domain::accounts::Password;
use serde_json::{Value, json};

use crate::context::State;
use crate::extract::read::secret;
use crate::extract::{Body, ClientAddress, Fields, FromFields, Holder};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use crate::routes::auth::TAG;

/// The caller's password.
pub(crate) struct OwnPassword(Password);

impl FromFields for OwnPassword {
    const NAME: &'static str = "OwnPassword";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("password", &secret(Password::claimed)).map(Self)
    }

    fn example() -> Value {
        json!({ "password": "correct horse battery" })
    }
}

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteMe",
    "Delete the caller's account, and erase the customer",
    "As when staff delete a customer: account, tokens and cart go, orders stay without personal data. A wrong \
     password is a 422 that names the field. The last active administrator cannot go.",
)
.problems(&[Kind::NOT_FOUND, Kind::LAST_ADMIN, Kind::TOO_MANY, Kind::BUSY]);

pub(crate) async fn delete(
    holder: Holder,
    state: Arc<State>,
    from: ClientAddress,
    password: Body<OwnPassword>,
) -> Result<NoContent, Problem> {
    let farewell = Farewell { account_id: holder.0, password: password.0.0, address: from.0 };
    state.delete_own.run(&holder.runner(&state), &farewell).await?;
    Ok(NoContent)
}
