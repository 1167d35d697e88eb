use actix_web::web::Data;
use application::accounts::Refresh;
use domain::accounts::RefreshTokenSecret;
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::login::Tokens;
use crate::answer::Secret;
use crate::extract::read::secret;
use crate::extract::{Body, Fields, FromFields};
use crate::openapi::example;
use crate::refused::Refused;
use crate::state::State;

/// A refresh token.
pub(crate) struct GivenToken(pub(super) RefreshTokenSecret);

impl FromFields for GivenToken {
    const NAME: &'static str = "RefreshToken";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("refresh_token", &secret(RefreshTokenSecret)).map(Self)
    }

    fn example() -> Value {
        json!({ "refresh_token": example::SECRET })
    }
}

/// Exchange a refresh token for a new pair of tokens
///
/// A token is good once: whoever brings it again ends the whole login. No answer with tokens is ever kept, so an
/// Idempotency-Key changes nothing here.
#[api_v2_operation(tags(Identity), operation_id = "refresh")]
pub(crate) async fn refresh(state: Data<State>, token: Body<GivenToken>) -> Result<Secret<Tokens>, Refused<Refresh>> {
    Ok(Secret(state.refresh.run(&token.0.0).await?.into()))
}
