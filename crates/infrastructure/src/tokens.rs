//! Access tokens: JSON Web Tokens, signed with HMAC-SHA-256.

use std::fmt;

use application::Error;
use application::accounts::TokenSigner;
use domain::accounts::{AccessClaims, AccountId, FamilyId};
use domain::roles::Role;
use domain::{UtcDateTime, Uuid};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

/// By how many seconds the clock of the server that issued a token may be ahead of ours.
const LEEWAY: i64 = 5;

/// What access tokens are signed with: at least 32 bytes. `Debug` does not show it.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

/// A key that is too short to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have at least {} bytes", SigningKey::MIN)]
pub struct ShortKey;

impl SigningKey {
    /// The fewest bytes: as many as the hash has (RFC 7518 §3.2).
    pub const MIN: usize = 32;

    /// A key of these bytes.
    ///
    /// # Errors
    /// If there are fewer than [`SigningKey::MIN`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, ShortKey> {
        if bytes.len() < Self::MIN { Err(ShortKey) } else { Ok(Self(bytes)) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// How many tokens are remembered.
const REMEMBERED: usize = 20_000;

/// Signs access tokens with one key, for one issuer and audience, and reads no others.
pub struct JwtSigner {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
    /// What good tokens say. Whether one has ended, or its account may still do something, is asked each time. Nobody puts
    /// in what we did not sign, so the hash may be a fast one.
    good: Cache<Box<str>, AccessClaims>,
}

impl fmt::Debug for JwtSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwtSigner({} for {})", self.issuer, self.audience)
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    /// The login. Tokens of previous versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    role: String,
    epoch: i64,
    iat: i64,
    nbf: i64,
    exp: i64,
    iss: String,
    aud: String,
}

impl JwtSigner {
    /// A signer with `key`.
    pub fn new(key: &SigningKey, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        // The library would ask the clock of the system; we ask the time that we are given.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            encoding: EncodingKey::from_secret(&key.0),
            decoding: DecodingKey::from_secret(&key.0),
            validation,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            good: Cache::new(REMEMBERED),
        }
    }
}

impl TokenSigner for JwtSigner {
    fn sign(&self, claims: &AccessClaims, now: UtcDateTime) -> Result<String, Error> {
        let issued_at = now.unix_timestamp();
        let claims = Claims {
            sub: claims.account_id.0,
            sid: claims.login.map(|login| login.0),
            role: claims.role.as_str().to_owned(),
            epoch: claims.token_epoch,
            iat: issued_at,
            nbf: issued_at,
            exp: claims.expires_at.unix_timestamp(),
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(|error| Error::Internal(error.into()))
    }

    fn verify(&self, token: &str, now: UtcDateTime) -> Result<AccessClaims, Error> {
        // Whatever is wrong, the answer is the same.
        self.remembered(token, now).ok_or(Error::Unauthenticated("the access token is not valid"))
    }
}

impl JwtSigner {
    fn remembered(&self, token: &str, now: UtcDateTime) -> Option<AccessClaims> {
        if let Some(claims) = self.good.get(token) {
            return (now < claims.expires_at).then_some(claims);
        }
        let claims = self.read(token, now.unix_timestamp())?;
        self.good.insert(token.into(), claims);
        Some(claims)
    }

    fn read(&self, token: &str, now: i64) -> Option<AccessClaims> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let begun = claims.nbf <= now.saturating_add(LEEWAY);
        let ended = claims.exp <= now;
        (begun && !ended).then_some(AccessClaims {
            account_id: AccountId(claims.sub),
            login: claims.sid.map(FamilyId),
            role: Role::parse(&claims.role).ok()?,
            token_epoch: claims.epoch,
            expires_at: UtcDateTime::from_unix_timestamp(claims.exp).ok()?,
        })
    }
}

#[cfg(test)]
mod tests;
