use domain::StoreError;
use domain::access::Scopes;
use domain::accounts::AccessClaims;
use domain::keys::{KeyClaim, KeySecret};

use super::State;

/// The access token or API key of a request. It is checked again while a long response goes on.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// What its access token says.
    Token(AccessClaims),
    /// What the secret of its API key says.
    Key(KeyClaim),
}

impl Credential {
    /// Reads the bearer token of a request; `None` if it is neither a valid access token nor the secret of a key.
    pub(crate) fn read(bearer: &str, state: &State) -> Option<Self> {
        if bearer.starts_with(KeySecret::BEGINNING) {
            return state.api_keys.secrets.read(bearer).map(Self::Key);
        }
        state.signer.verify(bearer, state.clock.now()).ok().map(Self::Token)
    }

    /// The scopes that it has now; `None` if it is no longer valid.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(crate) async fn scopes(&self, state: &State) -> Result<Option<Scopes>, StoreError> {
        match self {
            Self::Token(claims) => {
                let access = state.queries.accounts.access(claims.account_id, claims.login).await?;
                Ok(access.filter(|access| access.honours(claims)).map(|access| access.scopes))
            }
            Self::Key(claim) => {
                let key = state.queries.keys.by_prefix(&claim.prefix).await?;
                let access = key.and_then(|key| key.opened(&claim.hash, state.clock.now()));
                Ok(access.map(|access| access.scopes))
            }
        }
    }
}
