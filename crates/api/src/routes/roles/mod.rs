//! Roles: what accounts may do, by name.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::roles::Role;
use domain::{Invalid, Page, Ruled as _};
use serde_json::Value;

use self::body::RoleBody;
pub(super) use self::body::words;
use crate::context::State;
use crate::extract::{Path, Segment, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};
use crate::schema;

pub(super) const TAG: &Tag = &Tag {
    name: "Roles",
    description: "What accounts may do, by name: five fixed roles, and those that the shop makes. For staff.",
};

/// The name of a role in a path.
pub(crate) struct RoleSegment(pub(crate) Role);

impl Segment for RoleSegment {
    fn schema() -> Value {
        schema::of(&Role::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        Role::parse(raw).map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listRoles",
    "List all roles, the fixed ones first",
    "Each with what it allows, and how many accounts have it. There are few, so that one page has all.",
);

pub(crate) async fn list(_staff: Staff, state: Arc<State>) -> Result<List<RoleBody>, Problem> {
    let custom = state.queries.roles.all().await?;
    let roles: Vec<_> = Role::FIXED.into_iter().chain(custom.iter().map(|role| Role::Custom(role.name))).collect();
    // Nobody counts all customers to show a list of roles.
    let counted: Vec<_> = roles.iter().copied().filter(|role| role.is_staff()).collect();
    let mut counts = state.queries.roles.accounts(&counted).await?.into_iter();
    let mut next = |role: Role| if role.is_staff() { counts.next() } else { None };
    let mut items: Vec<_> = Role::FIXED.iter().map(|role| RoleBody::fixed(*role, next(*role))).collect();
    items.extend(custom.iter().map(|role| RoleBody::custom(role, next(Role::Custom(role.name)))));
    Ok(List::new("roles", Page { items, next: None }, |body| body))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showRole", "Show a role", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    name: Path<RoleSegment>,
) -> Result<Resource<RoleBody>, Problem> {
    Ok(Resource(found(&state, name.0.0).await?))
}

/// A role with how many accounts have it.
async fn found(state: &State, role: Role) -> Result<RoleBody, Error> {
    let count = match role {
        Role::Customer => None,
        role => state.queries.roles.accounts(&[role]).await?.pop(),
    };
    let Role::Custom(name) = role else { return Ok(RoleBody::fixed(role, count)) };
    let custom = state.queries.roles.get(&name).await?.ok_or(Error::NotFound("role"))?;
    Ok(RoleBody::custom(&custom, count))
}
