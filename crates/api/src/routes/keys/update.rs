use std::sync::Arc;

use application::access::{Attempted, note_refusal};
use application::keys::UpdateKey;
use domain::keys::{ApiKey, KeyId, KeyName};
use serde_json::{Value, json};

use super::TAG;
use super::body::KeyBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

/// What changes of a key.
pub(crate) struct NewName(Option<KeyName>);

impl FromFields for NewName {
    const NAME: &'static str = "ApiKeyChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.change("name", &text(KeyName::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "name": "ERP of the warehouse" })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateKey",
    "Give an API key another name",
    "Its scopes stay: a program that needs others gets another key.",
);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<KeyId>,
    expected: IfMatch,
    change: Body<NewName>,
) -> Result<Resource<KeyBody>, Problem> {
    let runner = staff.runner(&state);
    let updated = runner.run(UpdateKey { id: id.0, name: change.0.0, expected: expected.0 }).await;
    let key = note_refusal(&runner, Attempted::new::<UpdateKey, ApiKey>(id.0.0), updated).await?;
    Ok(Resource(KeyBody::from(&key)))
}
