use domain::Version;

use crate::{Conflict, Error, Users};

/// Refuses to delete what is in use.
///
/// # Errors
/// A conflict if any of `users` has a name.
pub fn expect_unused(what: &'static str, users: impl IntoIterator<Item = Users>) -> Result<(), Error> {
    let by: Vec<_> = users.into_iter().filter(|users| !users.names.is_empty()).collect();
    if by.is_empty() { Ok(()) } else { Err(Conflict::InUse { what, by }.into()) }
}

/// Compares the current version with the one that the caller expects, if any.
///
/// # Errors
/// [`Error::Stale`] if they differ.
pub fn expect_version(expected: Option<Version>, current: Version) -> Result<(), Error> {
    match expected {
        Some(version) if version != current => Err(Error::Stale(current)),
        _ => Ok(()),
    }
}
