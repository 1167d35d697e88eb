use actix_web::web::Data;
use application::accounts::{LoginAttempt, TokenPair};
use domain::accounts::Password;
use paperclip::actix::{Apiv2Schema, api_v2_operation};
use serde::Serialize;

use crate::answer::Secret;
use crate::extract::read::{password, text};
use crate::extract::{Body, ClientAddress, Fields, FromFields};
use crate::problem::Problem;
use crate::state::State;

/// A user name and a password.
pub(crate) struct Credentials {
    username: String,
    password: Password,
}

impl FromFields for Credentials {
    const NAME: &'static str = "Credentials";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let username = fields.required("username", &text(|raw| Ok(raw.to_owned())));
        let password = fields.required("password", &password(|raw| Ok(Password::claimed(raw.to_owned()))));
        Some(Self { username: username?, password: password? })
    }
}

/// The tokens of a login.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct Tokens {
    /// Goes into `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token ends.
    expires_in: u64,
    /// Gives a new pair, once.
    refresh_token: String,
}

impl From<TokenPair> for Tokens {
    fn from(pair: TokenPair) -> Self {
        Self {
            access_token: pair.access_token,
            token_type: "Bearer",
            expires_in: pair.expires_in.as_secs(),
            refresh_token: pair.refresh_token.0,
        }
    }
}

/// Log in
#[api_v2_operation(tags(Identity), operation_id = "login")]
pub(crate) async fn login(
    state: Data<State>,
    from: ClientAddress,
    credentials: Body<Credentials>,
) -> Result<Secret<Tokens>, Problem> {
    let Credentials { username, password } = credentials.0;
    let pair = state.login.run(&LoginAttempt { username, password, address: from.0 }).await?;
    Ok(Secret(pair.into()))
}
