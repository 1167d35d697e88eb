use domain::accounts::Account;

use crate::{Conflict, Error, Tx};

/// Refuses a change that would leave no active administrator. All active administrators are locked, so that two
/// concurrent changes cannot each rely on the other's account.
///
/// # Errors
/// A conflict ([`Conflict::LastAdmin`]) if `going` is the last one.
pub(crate) async fn keep_an_admin(tx: &mut dyn Tx, going: &Account) -> Result<(), Error> {
    if !going.is_active_admin() {
        return Ok(());
    }
    let admins = tx.accounts().lock_active_admins().await?;
    let another = admins.iter().any(|id| *id != going.id);
    if another { Ok(()) } else { Err(Conflict::LastAdmin.into()) }
}
