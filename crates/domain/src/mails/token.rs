use std::time::Duration;

use crate::UtcDateTime;
use crate::accounts::{AccountId, TokenHash};
use crate::customers::EmailAddress;
use crate::word::words;

words! {
    /// What a one-time token is good for.
    Purpose {
        /// To set a new password.
        Reset = "reset",
        /// To prove that an address is the customer's.
        Verify = "verify",
    }
}

impl Purpose {
    /// How long a token is good.
    pub const fn lasts(self) -> Duration {
        match self {
            Self::Reset => Duration::from_hours(1),
            Self::Verify => Duration::from_hours(24),
        }
    }
}

/// A token that goes out in a mail and is good once. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// The hash of its secret.
    pub hash: TokenHash,
    /// What it is good for.
    pub purpose: Purpose,
    /// For whom.
    pub account_id: AccountId,
    /// The address that it went to, if it proves that this one is the customer's.
    pub email: Option<EmailAddress>,
    /// Time of issue.
    pub created_at: UtcDateTime,
    /// From this time on it is not accepted.
    pub expires_at: UtcDateTime,
    /// When it was used.
    pub used_at: Option<UtcDateTime>,
}

impl OneTimeToken {
    /// A token that nobody has used yet. It expires after [`Purpose::lasts`].
    pub fn new(
        hash: TokenHash,
        purpose: Purpose,
        account_id: AccountId,
        email: Option<EmailAddress>,
        now: UtcDateTime,
    ) -> Self {
        let expires_at = now + purpose.lasts();
        Self { hash, purpose, account_id, email, created_at: now, expires_at, used_at: None }
    }
}
