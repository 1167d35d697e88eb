use std::sync::Arc;

use application::accounts::{LoginAttempt, TokenPair};
use domain::accounts::Password;
use serde::Serialize;
use serde_json::{Value, json};

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::read::{any_text, secret};
use crate::extract::{Body, ClientAddress, Fields, FromFields, RequestId};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;
use crate::schema::{Apiv2Schema, ResponseBody};

/// A user name, or an email address, and a password.
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

impl ResponseBody for Tokens {
    fn example() -> Self {
        Self {
            access_token: "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl".to_owned(),
            token_type: "Bearer",
            expires_in: 900,
            refresh_token: example::SECRET.to_owned(),
        }
    }
}

pub(crate) const LOGIN: Operation = Operation::new(TAG, "login", "Log in", "Gives an access token for the header `Authorization`, and a refresh token for the next pair. `username` takes the user name, or the email address of the customer. A wrong user name and a wrong password are refused alike; whoever fails too often has to wait.")
.problems(&[Kind::UNAUTHENTICATED, Kind::TOO_MANY, Kind::BUSY]);

pub(crate) async fn login(
    state: Arc<State>,
    from: ClientAddress,
    request_id: RequestId,
    credentials: Body<Credentials>,
) -> Result<NoStore<Tokens>, Problem> {
    let Credentials { username, password } = credentials.0;
    let pair = state.login.run(&LoginAttempt { username, password, address: from.0, request_id: request_id.0 }).await?;
    Ok(NoStore(pair.into()))
}
