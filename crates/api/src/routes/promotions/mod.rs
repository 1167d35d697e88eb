//! Promotions, for staff.

mod body;
pub(super) mod codes;
pub(super) mod create;
mod fields;
pub(super) mod step;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::pricing::PromotionId;
use domain::promotions::{PromotionFilter, PromotionStatus};

use self::body::PromotionBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag {
    name: "Promotions",
    description: "What takes something off lines, off the order or off shipping, by itself or with a code. For staff.",
};

/// Which promotions are wanted.
pub(crate) struct ListQuery {
    filter: PromotionFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", PromotionStatus::parse);
        let search = params.name_search();
        let page = params.page("promotions");
        Some(Self { filter: PromotionFilter { status: status?, search: search? }, page: page? })
    }
}

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listPromotions", "List promotions, the newest first, or search them by name", "Page by page.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<PromotionBody>, Problem> {
    let page = state.queries.promotions.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("promotions", page, |promotion| PromotionBody::of(&promotion, state.shop)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showPromotion",
    "Show a promotion",
    "The `ETag` is what `If-Match` wants. Uses do not raise the version.",
);

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<PromotionId>,
) -> Result<Resource<PromotionBody>, Problem> {
    let promotion = state.queries.promotions.get(id.0).await?.ok_or(Error::NotFound("promotion"))?;
    Ok(Resource(PromotionBody::of(&promotion, state.shop)))
}
