use std::sync::Arc;

use application::mails::{CountTokenTry, VerifyEmail};
use domain::accounts::{Network, TokenSecret};
use serde_json::{Value, json};

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::read::secret;
use crate::extract::{Body, ClientAddress, Fields, FromFields};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;

/// The token of a mail.
pub(crate) struct MailToken(TokenSecret);

impl FromFields for MailToken {
    const NAME: &'static str = "MailToken";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("token", &secret(TokenSecret)).map(Self)
    }

    fn example() -> Value {
        json!({ "token": example::SECRET })
    }
}

pub(crate) const VERIFY: Operation = Operation::new(
    TAG,
    "verifyEmail",
    "Prove an email address with the token of a mail",
    "The token stands behind `#token=` in the link. It is good once, for 24 hours. If the customer wanted another address, that \
     is its own from now on, and the previous one is informed.",
)
.problems(&[Kind::NO_MAIL, Kind::TOKEN_INVALID, Kind::DUPLICATE, Kind::TOO_MANY]);

pub(crate) async fn verify(
    state: Arc<State>,
    from: ClientAddress,
    token: Body<MailToken>,
) -> Result<NoContent, Problem> {
    state.expect_mail()?;
    state.runner.run(CountTokenTry(Network::of(from.0))).await?;
    state.runner.run(VerifyEmail(state.refresh.issuer.secrets.hash(&token.0.0))).await?;
    Ok(NoContent)
}
