use std::collections::HashMap;

use domain::StoreError;
use domain::keys::Principal;

use crate::Queries;

/// The user names of accounts and the names of keys, of those of them that there are.
///
/// # Errors
/// If the database does not answer.
pub async fn names(queries: &Queries, all: &[Principal]) -> Result<HashMap<Principal, String>, StoreError> {
    let (mut accounts, mut keys) = (Vec::new(), Vec::new());
    for who in all {
        match who {
            Principal::Account(id) => accounts.push(*id),
            Principal::Key(id) => keys.push(*id),
        }
    }
    let accounts = queries.accounts.usernames(&accounts).await?;
    let accounts = accounts.into_iter().map(|(id, name)| (Principal::Account(id), name.as_str().to_owned()));
    let keys = queries.keys.names(&keys).await?;
    let keys = keys.into_iter().map(|(id, name)| (Principal::Key(id), name.to_string()));
    Ok(accounts.chain(keys).collect())
}
