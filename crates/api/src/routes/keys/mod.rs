//! API keys: how programs call the API.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod rotate;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::keys::KeyId;

use self::body::KeyBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Keys", description: "API keys: how programs call the API, each with scopes of its own. For staff." };

/// Which keys are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("keys").map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listKeys",
    "List API keys, the oldest first",
    "Page by page, without those that were deleted. No answer but that to making or rotating a key has its secret.",
);

pub(crate) async fn list(_staff: Staff, state: Arc<State>, query: Query<ListQuery>) -> Result<List<KeyBody>, Problem> {
    let page = state.queries.keys.list(&query.0.0).await?;
    Ok(List::new("keys", page, |key| KeyBody::from(&key)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showKey", "Show an API key, without its secret", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(_staff: Staff, state: Arc<State>, id: Path<KeyId>) -> Result<Resource<KeyBody>, Problem> {
    let key = state.queries.keys.get(id.0).await?.ok_or(Error::NotFound("key"))?;
    Ok(Resource(KeyBody::from(&key)))
}
