use domain::groups::{GroupId, GroupView};

use crate::{Error, Tx};

/// The group with all that its page shows, as the transaction has it.
pub(super) async fn shown_group(tx: &mut dyn Tx, id: GroupId) -> Result<GroupView, Error> {
    tx.groups().view(id).await?.ok_or(Error::NotFound("product group"))
}
