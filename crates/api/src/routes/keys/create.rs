use std::sync::Arc;

use application::access::{Attempted, note_refusal};
use application::keys::CreateKey;
use domain::Uuid;
use domain::access::Scopes;
use domain::keys::{ApiKey, KeyDetails, KeyName, NewSecret};
use serde_json::{Value, json};

use super::TAG;
use super::body::KeyBody;
use crate::context::State;
use crate::extract::read::{moment, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, SecretOnce, ShownOnce};
use crate::routes::roles::create::{listed, scopes};

impl FromFields for KeyDetails {
    const NAME: &'static str = "NewApiKey";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(KeyName::parse));
        let read = fields.required(Scopes::FIELD, &scopes());
        let expires_at = fields.change_or_clear(Self::EXPIRES_AT, &moment());
        let scopes = listed(read, fields);
        Some(Self { name: name?, scopes: scopes?, expires_at: expires_at? })
    }

    fn example() -> Value {
        json!({ "name": "ERP", "scopes": ["products:read", "stock:write"] })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createKey",
    "Make an API key, and see its secret",
    "The answer has its `secret`, which is not shown again: a repeated request with the same `Idempotency-Key` gets null \
     there. Scopes are named one by one, within those of the caller. Without `expires_at` it ends in a year; with null it \
     never ends, which is for keys that somebody looks after. It outlives who made it. A shop has at most 100 live ones.",
)
.problems(&[Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<KeyDetails>,
) -> Result<SecretOnce<Created<KeyBody>>, Problem> {
    let IdempotentBody { body: details, claim } = request;
    let NewSecret { secret, claim: kept } = state.api_keys.secrets.fresh();
    let present = move |made: &ApiKey| ShownOnce {
        shown: Created::at(KeyBody::location(made), &KeyBody::from(made).with_secret(&secret)),
        kept: Created::at(KeyBody::location(made), &KeyBody::from(made)),
    };
    let runner = staff.runner(&state);
    let made = runner.run_once(claim, CreateKey { details, claim: kept }, present).await;
    let attempted = Attempted::new::<CreateKey, ApiKey>(Uuid::nil());
    Ok(note_refusal(&runner, attempted, made).await?.try_into()?)
}
