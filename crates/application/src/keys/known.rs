use domain::Version;
use domain::keys::{ApiKey, KeyId};

use crate::{Error, Tx, expect_version};

/// The key, locked, at the version that the caller expects.
///
/// # Errors
/// If there is none, or it has another version.
pub(super) async fn locked_key(tx: &mut dyn Tx, id: KeyId, expected: Option<Version>) -> Result<ApiKey, Error> {
    let key = tx.keys().lock(id).await?.ok_or(Error::NotFound("key"))?;
    expect_version(expected, key.version)?;
    Ok(key)
}
