use std::sync::Arc;
use std::time::Duration;

use domain::accounts::{AccessClaims, Account, FamilyId, RefreshToken, RefreshTokenId, TokenHash, TokenSecret};

use super::TokenSigner;
use crate::{Clock, Ctx, Error, Secrets};

/// The lifetimes of tokens.
#[derive(Debug, Clone, Copy)]
pub struct TokenTtl {
    /// Lifetime of access tokens.
    pub access: Duration,
    /// Lifetime of refresh tokens.
    pub refresh: Duration,
}

/// The tokens of a login or a refresh.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// The signed token that each request brings. It ends after `expires_in`.
    pub access_token: String,
    /// Lifetime of the access token.
    pub expires_in: Duration,
    /// The refresh token, which is not stored in plain text.
    pub refresh_token: TokenSecret,
}

/// Issues pairs of tokens.
#[derive(Clone)]
pub struct Issuer {
    /// Signs access tokens.
    pub signer: Arc<dyn TokenSigner>,
    /// Generates refresh tokens.
    pub secrets: Arc<dyn Secrets>,
    /// The source of the current time.
    pub clock: Arc<dyn Clock>,
    /// The lifetimes of tokens.
    pub ttl: TokenTtl,
}

impl Issuer {
    /// The pair of tokens for a login whose refresh token is stored already.
    ///
    /// # Errors
    /// [`Error::Internal`] if the access token cannot be signed.
    pub fn pair(&self, account: &Account, login: FamilyId, refresh_token: TokenSecret) -> Result<TokenPair, Error> {
        let now = self.clock.now();
        let claims = AccessClaims {
            account_id: account.id,
            login: Some(login),
            role: account.role,
            token_epoch: account.token_epoch,
            expires_at: now + self.ttl.access,
        };
        let access_token = self.signer.sign(&claims, now)?;
        Ok(TokenPair { access_token, expires_in: self.ttl.access, refresh_token })
    }
}

/// A new refresh token in the family of a login, to be stored.
pub(super) fn refresh_token(
    ctx: &Ctx<'_>,
    account: &Account,
    family_id: FamilyId,
    hash: TokenHash,
    ttl: Duration,
) -> RefreshToken {
    RefreshToken {
        id: RefreshTokenId(ctx.ids.next()),
        family_id,
        account_id: account.id,
        hash,
        created_at: ctx.now,
        expires_at: ctx.now + ttl,
        spent_at: None,
    }
}
