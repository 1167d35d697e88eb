//! Roles: what people may do, by name.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod new;

use application::Error;
use domain::roles::{CustomRole, Role};

use super::SECTION;
use crate::request::Staff;

const LIST_PAGE: &str = "settings/roles";

/// The role of the path, which the shop has made.
async fn asked(staff: &Staff) -> Result<CustomRole, Error> {
    let missing = || Error::NotFound("role");
    let Ok(Role::Custom(name)) = Role::parse(staff.parameter("name")) else { return Err(missing()) };
    staff.office.queries.roles.get(&name).await?.ok_or_else(missing)
}
