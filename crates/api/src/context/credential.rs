use domain::StoreError;
use domain::access::Scopes;
use domain::accounts::AccessClaims;
use domain::keys::{KeyClaim, KeySecret};

use super::State;

/// What a caller has shown, to be asked again while the answer goes on.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// What its access token says.
    Token(AccessClaims),
    /// What the secret of its API key says.
    Key(KeyClaim),
}

impl Credential {
    /// What a bearer shows; `None` if it is neither an access token nor the secret of a key.
    pub(crate) fn read(bearer: &str, state: &State) -> Option<Self> {
        if bearer.starts_with(KeySecret::BEGINNING) {
            return state.api_keys.secrets.read(bearer).map(Self::Key);
        }
        state.signer.verify(bearer, state.clock.now()).ok().map(Self::Token)
    }

    /// What it allows now; `None` if it opens nothing any more.
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
