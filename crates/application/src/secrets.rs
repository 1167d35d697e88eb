#![allow(clippy::ref_option_ref, reason = "mockall writes it")]

use domain::accounts::{Password, TokenHash, TokenSecret};

/// Random secrets.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Secrets: Send + Sync {
    /// A new secret of 256 random bits, in characters that need no escaping in an address.
    fn token(&self) -> TokenSecret;

    /// The hash under which a secret is stored.
    fn hash(&self, token: &TokenSecret) -> TokenHash;

    /// A new random password.
    fn password(&self) -> Password;
}
