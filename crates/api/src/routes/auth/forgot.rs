use std::sync::Arc;

use application::mails::AskForReset;
use domain::accounts::Network;
use domain::customers::EmailAddress;
use serde::Serialize;
use serde_json::{Value, json};

use super::TAG;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Body as JsonBody, ClientAddress, Fields, FromFields};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Body, Taken};
use crate::schema::{Apiv2Schema, ResponseBody};

/// The address of a customer.
pub(crate) struct Forgotten(EmailAddress);

impl FromFields for Forgotten {
    const NAME: &'static str = "ForgottenPassword";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("email", &text(EmailAddress::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "email": "ann@example.com" })
    }
}

/// A mail goes out afterwards, if there is somebody to send it to.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct MailAsked {
    /// Always `accepted`.
    status: &'static str,
}

impl MailAsked {
    pub(crate) const ACCEPTED: Self = Self { status: "accepted" };
}

impl Body for MailAsked {
    fn version(&self) -> Option<i64> {
        None
    }
}

impl ResponseBody for MailAsked {
    fn example() -> Self {
        Self::ACCEPTED
    }
}

pub(crate) const FORGOT: Operation = Operation::new(
    TAG,
    "forgotPassword",
    "Ask for a mail to set a new password",
    "The answer is the same whether the address is a customer's or not. If it is, a mail brings a link that is good once, for \
     an hour. At most 3 an hour for an address, and 20 for a client. There is no idempotency key: of \
     several mails only the last brings a link that is good.",
)
.problems(&[Kind::NO_MAIL, Kind::TOO_MANY]);

pub(crate) async fn forgot(
    state: Arc<State>,
    from: ClientAddress,
    forgotten: JsonBody<Forgotten>,
) -> Result<Taken<MailAsked>, Problem> {
    state.expect_mail()?;
    state.runner.run(AskForReset { email: forgotten.0.0, from: Network::of(from.0) }).await?;
    Ok(Taken(MailAsked::ACCEPTED))
}
