//! One outcome for many.

use std::sync::Arc;

use domain::StoreError;

/// The same error for everybody who waited for the same answer.
pub(crate) fn shared(error: Arc<StoreError>) -> StoreError {
    match *error {
        StoreError::Duplicate(key) => StoreError::Duplicate(key),
        StoreError::Raced(_) => StoreError::Raced(error.into()),
        StoreError::Unavailable(_) => StoreError::Unavailable(error.into()),
        StoreError::Full(_) => StoreError::Full(error.into()),
        StoreError::CommitUnknown(_) => StoreError::CommitUnknown(error.into()),
        StoreError::Internal(_) => StoreError::Internal(error.into()),
    }
}
