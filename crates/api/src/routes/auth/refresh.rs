use std::sync::Arc;

use domain::accounts::TokenSecret;
use serde_json::{Value, json};

use super::TAG;
use super::login::Tokens;
use crate::context::State;
use crate::example;
use crate::extract::read::secret;
use crate::extract::{Body, Fields, FromFields};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;

/// A refresh token.
pub(crate) struct GivenToken(pub(super) TokenSecret);

impl FromFields for GivenToken {
    const NAME: &'static str = "RefreshToken";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("refresh_token", &secret(TokenSecret)).map(Self)
    }

    fn example() -> Value {
        json!({ "refresh_token": example::SECRET })
    }
}

pub(crate) const REFRESH: Operation = Operation::new(TAG, "refresh", "Exchange a refresh token for a new pair of tokens", "A token is good once, and for some seconds (`auth.refresh_reuse_grace`) again, for two tabs that refresh at once: each gets a pair of its own. Whoever brings it later ends the whole login. No answer with tokens is ever kept, so an Idempotency-Key changes nothing here.")
.problems(&[Kind::UNAUTHENTICATED]);

pub(crate) async fn refresh(state: Arc<State>, token: Body<GivenToken>) -> Result<NoStore<Tokens>, Problem> {
    Ok(NoStore(state.refresh.run(&token.0.0).await?.into()))
}
