//! API keys: how programs call the API, each with scopes of its own.

mod key;
mod overlap;
mod ports;
mod principal;
mod secret;

pub use key::{ApiKey, KeyDetails, KeyName, NextSecret};
pub use overlap::Overlap;
pub use ports::*;
pub use principal::Principal;
pub use secret::{KeyClaim, KeyHash, KeyPrefix, KeySecret, NewSecret};

use crate::access::Scopes;

crate::id::id! {
    /// The id of an API key.
    KeyId
}

/// What a caller with a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAccess {
    /// The key that the caller has shown.
    pub id: KeyId,
    /// What the key may do, whoever made it.
    pub scopes: Scopes,
}
