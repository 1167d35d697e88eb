//! Restocks, for administrators.

mod body;
pub(super) mod close;
pub(super) mod run;

use actix_web::web::Data;
use application::Error;
use domain::PageRequest;
use domain::restocks::{RestockFilter, RestockId, RestockStatus};
use paperclip::actix::api_v2_operation;

use self::body::RestockBody;
use crate::answer::{Listed, Shown};
use crate::extract::{Admin, FromQuery, Params, Path, Query};
use crate::problem::Problem;
use crate::state::State;

/// Which restocks are wanted.
pub(crate) struct Wanted {
    filter: RestockFilter,
    page: PageRequest,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", RestockStatus::parse);
        let page = params.page("restocks");
        Some(Self { filter: RestockFilter { status: status? }, page: page? })
    }
}

/// List restocks, newest first
///
/// Page by page, or only those of one status.
#[api_v2_operation(tags(Restocks), operation_id = "listRestocks")]
pub(crate) async fn list(
    _admin: Admin,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<RestockBody>, Problem> {
    let page = state.restocks.list(&wanted.0.filter, &wanted.0.page).await?;
    Ok(Listed::new("restocks", page, |restock| RestockBody::from(&restock)))
}

/// Show a restock
///
/// Units of a product that are on their way, or were.
#[api_v2_operation(tags(Restocks), operation_id = "showRestock")]
pub(crate) async fn show(
    _admin: Admin,
    state: Data<State>,
    id: Path<RestockId>,
) -> Result<Shown<RestockBody>, Problem> {
    let restock = state.restocks.get(id.0).await?.ok_or(Error::NotFound("restock"))?;
    Ok(Shown::new(RestockBody::from(&restock)))
}
