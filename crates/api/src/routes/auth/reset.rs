use std::sync::Arc;

use application::mails::{CountTokenTry, NewSecret, ResetPassword};
use domain::accounts::{Network, Password, TokenSecret};
use serde_json::{Value, json};

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::read::{secret, text};
use crate::extract::{Body, ClientAddress, Fields, FromFields};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;

/// The token of a mail, and a new password.
pub(crate) struct Reset {
    token: TokenSecret,
    new: Password,
}

impl FromFields for Reset {
    const NAME: &'static str = "PasswordReset";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let token = fields.required("token", &secret(TokenSecret));
        let new = fields.required("new_password", &text(Password::parse));
        Some(Self { token: token?, new: new? })
    }

    fn example() -> Value {
        json!({ "token": example::SECRET, "new_password": "staple the battery" })
    }
}

pub(crate) const RESET: Operation = Operation::new(
    TAG,
    "resetPassword",
    "Set a new password with the token of a mail",
    "The token stands behind `#token=` in the link. It is good once. All logins of the account end, and a mail says so; log in \
     with the new password afterwards. Every token that is not good is refused alike.",
)
.problems(&[Kind::NO_MAIL, Kind::TOKEN_INVALID, Kind::TOO_MANY, Kind::BUSY]);

pub(crate) async fn reset(state: Arc<State>, from: ClientAddress, reset: Body<Reset>) -> Result<NoContent, Problem> {
    state.expect_mail()?;
    let Reset { token, new } = reset.0;
    state.runner.run(CountTokenTry(Network::of(from.0))).await?;
    let token = state.refresh.issuer.secrets.hash(&token);
    let password_hash = state.hasher.hash(&new).await?;
    state.runner.run(ResetPassword(NewSecret { token, password_hash })).await?;
    Ok(NoContent)
}
