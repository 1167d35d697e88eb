use actix_web::web::Data;
use application::accounts::{Login, LoginAttempt, TokenPair};
use domain::accounts::Password;
use paperclip::actix::{Apiv2Schema, api_v2_operation};
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::Secret;
use crate::extract::read::{any_text, secret};
use crate::extract::{Body, ClientAddress, Fields, FromFields};
use crate::openapi::{Example, example};
use crate::refused::Refused;
use crate::state::State;

/// A user name and a password.
pub(crate) struct Credentials {
    username: String,
    password: Password,
}

impl FromFields for Credentials {
    const NAME: &'static str = "Credentials";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let username = fields.required("username", &any_text());
        let password = fields.required("password", &secret(Password::claimed));
        Some(Self { username: username?, password: password? })
    }

    fn example() -> Value {
        json!({ "username": "ann", "password": "correct horse battery" })
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

impl Example for Tokens {
    fn example() -> Self {
        Self {
            access_token: "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl".to_owned(),
            token_type: "Bearer",
            expires_in: 900,
            refresh_token: example::SECRET.to_owned(),
        }
    }
}

/// Log in
///
/// Gives an access token for the header `Authorization`, and a refresh token for the next pair. A wrong user name and a
/// wrong password are refused alike; whoever fails too often has to wait.
#[api_v2_operation(tags(Identity), operation_id = "login")]
pub(crate) async fn login(
    state: Data<State>,
    from: ClientAddress,
    credentials: Body<Credentials>,
) -> Result<Secret<Tokens>, Refused<Login>> {
    let Credentials { username, password } = credentials.0;
    let pair = state.login.run(&LoginAttempt { username, password, address: from.0 }).await?;
    Ok(Secret(pair.into()))
}
