#![allow(clippy::ref_option_ref, reason = "mockall writes it")]

use async_trait::async_trait;
use domain::UtcDateTime;
use domain::accounts::{AccessClaims, Password, PasswordHash, RefreshTokenSecret, TokenHash};

use crate::Error;

/// Hashes passwords. Slow by design, so it never runs within a transaction nor on an async worker, and only so many at
/// a time.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many wait already.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Error>;

    /// Whether `password` is the one behind `hash`. Without a hash the answer is no, after as much work as with one.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many wait already.
    #[allow(clippy::needless_lifetimes, reason = "mockall asks for it")]
    async fn verify<'a>(&self, password: &Password, hash: Option<&'a PasswordHash>) -> Result<bool, Error>;
}

/// Signs access tokens and reads them back.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait TokenSigner: Send + Sync {
    /// A signed token with these claims.
    ///
    /// # Errors
    /// [`Error::Internal`] if the key cannot sign.
    fn sign(&self, claims: &AccessClaims, now: UtcDateTime) -> Result<String, Error>;

    /// The claims of a token that this shop signed and that has not ended.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] otherwise. It never says which part was wrong.
    fn verify(&self, token: &str, now: UtcDateTime) -> Result<AccessClaims, Error>;
}

/// Secrets made at random.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Secrets: Send + Sync {
    /// A new refresh token.
    fn refresh_token(&self) -> RefreshTokenSecret;

    /// The hash under which a refresh token is kept.
    fn hash(&self, token: &RefreshTokenSecret) -> TokenHash;

    /// A new password that nobody can guess.
    fn password(&self) -> Password;
}
