#![allow(clippy::ref_option_ref, reason = "mockall writes it")]

use async_trait::async_trait;
use domain::UtcDateTime;
use domain::accounts::{AccessClaims, Password, PasswordHash};

use crate::Error;

/// Hashes passwords. This is slow by design, so it never runs within a transaction or on an async worker, and the
/// number of concurrent calls is limited.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many callers wait already.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Error>;

    /// Whether `hash` is that of `password`. Without a hash it is `false`. Each call takes as much work as one for the
    /// costliest hash in use, so that the time tells nothing.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many callers wait already.
    #[allow(clippy::needless_lifetimes, reason = "mockall asks for it")]
    async fn verify<'a>(&self, password: &Password, hash: Option<&'a PasswordHash>) -> Result<bool, Error>;

    /// Whether a new hash of the same password would cost more or less than this one.
    fn is_outdated(&self, hash: &PasswordHash) -> bool;
}

/// Signs and verifies access tokens.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait TokenSigner: Send + Sync {
    /// A signed token with these claims.
    ///
    /// # Errors
    /// [`Error::Internal`] if the key cannot sign.
    fn sign(&self, claims: &AccessClaims, now: UtcDateTime) -> Result<String, Error>;

    /// The claims of a token that this shop has signed and that has not expired.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] otherwise, without the reason.
    fn verify(&self, token: &str, now: UtcDateTime) -> Result<AccessClaims, Error>;
}
