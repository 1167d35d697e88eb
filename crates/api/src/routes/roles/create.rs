use std::sync::Arc;

use application::access::{Attempted, note_refusal};
use application::roles::CreateRole;
use domain::Uuid;
use domain::access::{Scope, Scopes};
use domain::roles::{CustomRole, Role};
use serde_json::{Value, json};

use super::TAG;
use super::body::RoleBody;
use crate::context::State;
use crate::extract::read::{List, Read, list, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

/// A new role.
pub(crate) struct NewRole {
    role: Role,
    scopes: Scopes,
}

/// A list of scopes.
pub(crate) fn scopes() -> List<impl Read<Out = Scope>> {
    list(text(Scope::parse), Scopes::MOST)
}

/// The scopes of a list that was read; none are refused.
pub(crate) fn listed(read: Option<Vec<Scope>>, fields: &mut Fields<'_>) -> Option<Scopes> {
    let refused = |invalid| fields.refuse(Scopes::FIELD, invalid);
    Scopes::listed(&read?).map_err(refused).ok()
}

impl FromFields for NewRole {
    const NAME: &'static str = "NewRole";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let role = fields.required("name", &text(Role::parse));
        let read = fields.required(Scopes::FIELD, &scopes());
        let scopes = listed(read, fields);
        Some(Self { role: role?, scopes: scopes? })
    }

    fn example() -> Value {
        json!({ "name": "packing", "scopes": ["orders:write", "payments:read"] })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createRole",
    "Make a role",
    "The name never changes. A scope is a noun with `read` or `write`, and write includes read. Nobody makes a role with \
     scopes that they have not. A shop has at most 50 roles of its own.",
)
.problems(&[Kind::DUPLICATE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<NewRole>,
) -> Result<Idempotent<Created<RoleBody>>, Problem> {
    let IdempotentBody { body: NewRole { role, scopes }, claim } = request;
    let present = |made: &CustomRole| Created::at(RoleBody::location(made), &RoleBody::custom(made, Some(0)));
    let runner = staff.runner(&state);
    let attempted = Attempted::new::<CreateRole, CustomRole>(Uuid::nil());
    let made = runner.run_once(claim, CreateRole { role, scopes }, present).await;
    Ok(note_refusal(&runner, attempted, made).await?.try_into()?)
}
