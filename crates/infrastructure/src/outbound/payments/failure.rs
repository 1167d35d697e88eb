use std::time::Duration;

use domain::payments::{ProviderAnswer, ProviderError};

/// Why a call has no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The provider did nothing, and will not.
    Refused {
        error: ProviderError,
        /// Whether the customer may succeed with another try.
        is_retryable: bool,
    },
    /// Nobody knows what was done.
    Unknown {
        retry_after: Option<Duration>,
        /// Whether the provider repeats this under the same key.
        is_kept: bool,
        error: ProviderError,
    },
}

impl Failure {
    pub fn refused(code: &str, text: &str) -> Self {
        Self::Refused { error: ProviderError::new(code, text), is_retryable: false }
    }

    pub fn unknown(code: &str, text: &str) -> Self {
        Self::Unknown { retry_after: None, is_kept: false, error: ProviderError::new(code, text) }
    }

    /// A failure that the provider keeps under the key.
    pub fn kept(code: &str, text: &str) -> Self {
        Self::Unknown { retry_after: None, is_kept: true, error: ProviderError::new(code, text) }
    }
}

/// The outcome of a call.
pub(super) fn outcome<T>(result: Result<T, Failure>) -> ProviderAnswer<T> {
    match result {
        Ok(done) => ProviderAnswer::Done(done),
        Err(Failure::Refused { error, is_retryable }) => ProviderAnswer::Refused { error, is_retryable },
        Err(Failure::Unknown { retry_after, is_kept, error }) => {
            ProviderAnswer::Unknown { retry_after, is_kept, error }
        }
    }
}
