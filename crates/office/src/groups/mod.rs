//! Product groups: products that differ by size, colour and the like.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod join;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod new;
mod options;
pub(crate) mod remove;
pub(crate) mod show;

use application::Error;
use domain::groups::{GroupId, GroupView};

use crate::request::Staff;

const SECTION: &str = "Products";
const LIST_PAGE: &str = "groups";

/// The group of the path.
async fn asked(staff: &Staff) -> Result<GroupView, Error> {
    let id = staff.id::<GroupId>("product group")?;
    staff.office.queries.groups.get(id, None).await?.ok_or(Error::NotFound("product group"))
}
