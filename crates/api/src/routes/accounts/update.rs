use std::sync::Arc;

use application::Error;
use application::access::{Attempted, note_refusal};
use application::accounts::UpdateAccount;
use domain::accounts::{Account, AccountChange, AccountId, Password, PasswordHash, Username};
use domain::roles::Role;
use serde_json::{Value, json};

use super::TAG;
use super::body::AccountBody;
use super::found;
use crate::context::State;
use crate::extract::read::{Boolean, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

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

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateAccount",
    "Change an account; another password, role or activity ends its tokens",
    "Fields that are not named stay. The last active administrator can be neither deactivated nor demoted. \
     Nobody changes an account that may do more than they, or gives a role with scopes that they have not.",
)
.problems(&[Kind::DUPLICATE, Kind::LAST_ADMIN, Kind::BUSY]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<AccountId>,
    expected: IfMatch,
    values: Body<NewValues>,
) -> Result<Resource<AccountBody>, Problem> {
    let NewValues { username, password, role, active } = values.0;
    let password_hash = hashed(&state, password).await?;
    let change = AccountChange { username, password_hash, role, active };
    let runner = staff.runner(&state);
    let attempted = Attempted::new::<UpdateAccount, Account>(id.0.0);
    let updated = runner.run(UpdateAccount { id: id.0, change, expected: expected.0 }).await;
    note_refusal(&runner, attempted, updated).await?;
    Ok(Resource(AccountBody::seen_by(&staff)(&found(&state, id.0).await?)))
}

async fn hashed(state: &State, password: Option<Password>) -> Result<Option<PasswordHash>, Error> {
    match password {
        Some(password) => state.hasher.hash(&password).await.map(Some),
        None => Ok(None),
    }
}
