//! Zones, for staff.

mod area;
mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::pricing::ZoneId;
use domain::zones::ZoneFilter;

use self::body::ZoneBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Zones", description: "Parts of the world that are shipped to and taxed alike. For staff." };

/// Which zones are wanted.
pub(crate) struct ListQuery {
    filter: ZoneFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let search = params.name_search();
        let page = params.page("zones");
        Some(Self { filter: ZoneFilter { search: search? }, page: page? })
    }
}

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listZones", "List zones, the oldest first, or search them by name", "Page by page.");

pub(crate) async fn list(_staff: Staff, state: Arc<State>, query: Query<ListQuery>) -> Result<List<ZoneBody>, Problem> {
    let page = state.queries.zones.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("zones", page, |zone| ZoneBody::from(&zone)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showZone", "Show a zone", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(_staff: Staff, state: Arc<State>, id: Path<ZoneId>) -> Result<Resource<ZoneBody>, Problem> {
    let zone = state.queries.zones.get(id.0).await?.ok_or(Error::NotFound("zone"))?;
    Ok(Resource(ZoneBody::from(&zone)))
}
