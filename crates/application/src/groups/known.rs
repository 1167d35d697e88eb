use domain::groups::{GroupId, GroupView};

use crate::{Error, Tx};

/// The group as it is shown.
pub(super) async fn shown_group(tx: &mut dyn Tx, id: GroupId) -> Result<GroupView, Error> {
    tx.groups().view(id).await?.ok_or(Error::NotFound("product group"))
}
