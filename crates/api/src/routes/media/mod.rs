//! Media: pictures, uploaded by staff and seen by everybody.

mod body;
pub(super) mod delete;
pub(super) mod file;
pub(super) mod upload;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::media::{MediaFilter, MediaId};

pub(super) use self::body::MediaBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, boolean};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag {
    name: "Media",
    description: "Pictures of products. The URLs in `sizes` are public and may be cached for ever.",
};

/// Which pictures are wanted.
pub(crate) struct ListQuery {
    filter: MediaFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let unused = params.optional("unused", "`true`: only those that nothing shows.", boolean);
        let page = params.page("media");
        Some(Self { filter: MediaFilter { is_unused: unused?.unwrap_or_default() }, page: page? })
    }
}

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listMedia", "List pictures, the oldest upload first", "Page by page.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<MediaBody>, Problem> {
    let page = state.queries.media.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("media", page, |picture| MediaBody::of(&picture, None, &state.media.base)))
}

pub(crate) const SHOW: Operation = Operation::new(TAG, "showMedia", "Show a picture", "With the URLs of its sizes.");

pub(crate) async fn show(_staff: Staff, state: Arc<State>, id: Path<MediaId>) -> Result<Resource<MediaBody>, Problem> {
    let picture = state.queries.media.get(id.0).await?.ok_or(Error::NotFound("picture"))?;
    Ok(Resource(MediaBody::of(&picture, None, &state.media.base)))
}
