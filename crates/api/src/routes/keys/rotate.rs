use std::sync::Arc;

use application::Error;
use application::access::{Attempted, note_refusal};
use application::keys::RotateKey;
use domain::keys::{ApiKey, KeyId, NewSecret, Overlap};
use serde_json::{Value, json};

use super::TAG;
use super::body::KeyBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{SecretOnce, ShownOnce, Updated};

/// How a key gets another secret.
pub(crate) struct Rotation {
    overlap: Overlap,
}

impl FromFields for Rotation {
    const NAME: &'static str = "KeyRotation";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let overlap = fields.optional("overlap", &text(Overlap::parse));
        Some(Self { overlap: overlap?.unwrap_or_default() })
    }

    fn example() -> Value {
        json!({ "overlap": "24h" })
    }
}

pub(crate) const ROTATE: Operation = Operation::new(
    TAG,
    "rotateKey",
    "Give an API key another secret, and see it",
    "The previous secret works until the overlap ends, after a day unless you say otherwise; rotating again ends the \
     oldest at once. The new one is not shown again. Only who has all scopes of the key may do so.",
);

pub(crate) async fn rotate(
    staff: Staff,
    state: Arc<State>,
    id: Path<KeyId>,
    request: IdempotentBody<Rotation>,
) -> Result<SecretOnce<Updated<KeyBody>>, Problem> {
    let IdempotentBody { body: Rotation { overlap }, claim } = request;
    let id = id.0;
    let key = state.queries.keys.get(id).await?.ok_or(Error::NotFound("key"))?;
    let NewSecret { secret, claim: kept } = state.api_keys.secrets.another(&key.prefix);
    let present = move |rotated: &ApiKey| ShownOnce {
        shown: Updated::with(&KeyBody::from(rotated).with_secret(&secret)),
        kept: Updated::with(&KeyBody::from(rotated)),
    };
    let runner = staff.runner(&state);
    let rotated = runner.run_once(claim, RotateKey { id, hash: kept.hash, overlap }, present).await;
    Ok(note_refusal(&runner, Attempted::new::<RotateKey, ApiKey>(id.0), rotated).await?.try_into()?)
}
