use domain::Version;
use domain::groups::{Group, GroupId, GroupView};

use crate::{Error, Tx, expect_version};

/// Locks a group.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(crate) async fn locked_group(tx: &mut dyn Tx, id: GroupId, expected: Option<Version>) -> Result<Group, Error> {
    let group = tx.groups().lock(id).await?.ok_or(Error::NotFound("product group"))?;
    expect_version(expected, group.version)?;
    Ok(group)
}

/// The group as it is shown.
pub(super) async fn shown_group(tx: &mut dyn Tx, id: GroupId) -> Result<GroupView, Error> {
    tx.groups().view(id).await?.ok_or(Error::NotFound("product group"))
}
