use domain::accounts::Account;

use crate::{Conflict, Error, Tx};

/// Refuses to take the last active administrator away. It locks all of them, so that two who each leave the other as
/// the last cannot both go.
pub(crate) async fn keep_an_admin(tx: &mut dyn Tx, going: &Account) -> Result<(), Error> {
    if !going.is_active_admin() {
        return Ok(());
    }
    let admins = tx.accounts().lock_active_admins().await?;
    let another = admins.iter().any(|id| *id != going.id);
    if another { Ok(()) } else { Err(Conflict::LastAdmin.into()) }
}
