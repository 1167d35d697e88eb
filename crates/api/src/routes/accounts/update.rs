use actix_web::web::Data;
use application::Error;
use application::accounts::UpdateAccount;
use domain::accounts::{AccountChange, AccountId, Password, PasswordHash, Role, Username};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::AccountBody;
use super::found;
use crate::answer::Shown;
use crate::extract::read::{Boolean, text};
use crate::extract::{Admin, Body, Fields, FromFields, IfMatch, Path};
use crate::refused::Refused;
use crate::state::State;

/// What changes of an account.
pub(crate) struct NewValues {
    username: Option<Username>,
    password: Option<Password>,
    role: Option<Role>,
    active: Option<bool>,
}

impl FromFields for NewValues {
    const NAME: &'static str = "AccountChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let username = fields.change("username", &text(Username::parse));
        let password = fields.change("password", &text(Password::parse));
        let role = fields.change("role", &text(Role::parse));
        let active = fields.change("active", &Boolean);
        Some(Self { username: username?, password: password?, role: role?, active: active? })
    }

    fn example() -> Value {
        json!({ "role": "admin", "active": true })
    }
}

/// Change an account; another password, role or activity ends its tokens
///
/// Fields that are not named stay. The last active administrator can be neither deactivated nor demoted.
#[api_v2_operation(tags(Accounts), operation_id = "updateAccount")]
pub(crate) async fn update(
    admin: Admin,
    state: Data<State>,
    id: Path<AccountId>,
    expected: IfMatch,
    values: Body<NewValues>,
) -> Result<Shown<AccountBody>, Refused<UpdateAccount>> {
    let NewValues { username, password, role, active } = values.0;
    let password_hash = hashed(&state, password).await?;
    let change = AccountChange { username, password_hash, role, active };
    admin.runner(&state).run(UpdateAccount { id: id.0, change, expected: expected.0 }).await?;
    Ok(Shown::new(AccountBody::from(&found(&state, id.0).await?)))
}

async fn hashed(state: &State, password: Option<Password>) -> Result<Option<PasswordHash>, Error> {
    match password {
        Some(password) => state.hasher.hash(&password).await.map(Some),
        None => Ok(None),
    }
}
