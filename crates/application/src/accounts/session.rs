use std::sync::Arc;
use std::time::Duration;

use domain::accounts::{AccessClaims, Account, FamilyId, RefreshToken, RefreshTokenId, RefreshTokenSecret, TokenHash};

use super::{Secrets, TokenSigner};
use crate::{Clock, Ctx, Error};

/// How long tokens live.
#[derive(Debug, Clone, Copy)]
pub struct TokenTtl {
    /// Access tokens.
    pub access: Duration,
    /// Refresh tokens.
    pub refresh: Duration,
}

/// What a login or a refresh gives.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// The access token.
    pub access_token: String,
    /// How long it lives.
    pub expires_in: Duration,
    /// The refresh token, shown this once.
    pub refresh_token: RefreshTokenSecret,
}

/// Makes pairs of tokens.
#[derive(Clone)]
pub struct Issuer {
    /// Signs access tokens.
    pub signer: Arc<dyn TokenSigner>,
    /// Makes refresh tokens.
    pub secrets: Arc<dyn Secrets>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// How long tokens live.
    pub ttl: TokenTtl,
}

impl Issuer {
    /// The pair for an account whose refresh token is kept already.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn pair(&self, account: &Account, refresh_token: RefreshTokenSecret) -> Result<TokenPair, Error> {
        let now = self.clock.now();
        let claims = AccessClaims {
            account_id: account.id,
            role: account.role,
            token_epoch: account.token_epoch,
            expires_at: now + self.ttl.access,
        };
        let access_token = self.signer.sign(&claims, now)?;
        Ok(TokenPair { access_token, expires_in: self.ttl.access, refresh_token })
    }
}

/// A refresh token to be kept in the family of a login.
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
