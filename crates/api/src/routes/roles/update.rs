use std::sync::Arc;

use application::access::{Attempted, note_refusal};
use application::roles::UpdateRole;
use domain::Uuid;
use domain::access::Scopes;
use domain::roles::CustomRole;
use serde_json::{Value, json};

use super::body::RoleBody;
use super::create::{listed, scopes};
use super::{RoleSegment, TAG, found};
use crate::context::State;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

/// What changes of a role.
pub(crate) struct NewScopes(Option<Scopes>);

impl FromFields for NewScopes {
    const NAME: &'static str = "RoleChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        match fields.change(Scopes::FIELD, &scopes())? {
            Some(read) => listed(Some(read), fields).map(|scopes| Self(Some(scopes))),
            None => Some(Self(None)),
        }
    }

    fn example() -> Value {
        json!({ "scopes": ["orders:write", "payments:read", "stock:read"] })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateRole",
    "Change what a role allows",
    "`scopes` are all of them from now on, for every account that has the role. Fixed roles never change. Nobody changes a \
     role that allows, or would allow, more than they may do.",
);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    name: Path<RoleSegment>,
    expected: IfMatch,
    change: Body<NewScopes>,
) -> Result<Resource<RoleBody>, Problem> {
    let role = name.0.0;
    let runner = staff.runner(&state);
    let updated = runner.run(UpdateRole { role, scopes: change.0.0, expected: expected.0 }).await;
    note_refusal(&runner, Attempted::new::<UpdateRole, CustomRole>(Uuid::nil()), updated).await?;
    Ok(Resource(found(&state, role).await?))
}
