#![allow(clippy::ref_option_ref, reason = "mockall writes it")]

use domain::keys::{KeyClaim, KeyPrefix, NewSecret};

/// Makes and reads the secrets of API keys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait KeySecrets: Send + Sync {
    /// A random secret with a new prefix, for a new key.
    fn fresh(&self) -> NewSecret;

    /// Another random secret under this prefix, for a key that is rotated.
    fn another(&self, prefix: &KeyPrefix) -> NewSecret;

    /// What a secret says of itself; `None` if its form or its checksum is wrong.
    fn read(&self, secret: &str) -> Option<KeyClaim>;
}
