//! Tax classes, for staff.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::tax_classes::TaxClassId;

use self::body::TaxClassBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Tax classes", description: "Which rates of a zone products and shipping bear. For staff." };

/// Which tax classes are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("tax classes").map(Self)
    }
}

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listTaxClasses", "List tax classes: `standard`, then the oldest first", "Page by page.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<TaxClassBody>, Problem> {
    let page = state.queries.tax_classes.list(&query.0.0).await?;
    Ok(List::new("tax classes", page, |class| TaxClassBody::from(&class)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showTaxClass", "Show a tax class", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<TaxClassId>,
) -> Result<Resource<TaxClassBody>, Problem> {
    let class = state.queries.tax_classes.get(id.0).await?.ok_or(Error::NotFound("tax class"))?;
    Ok(Resource(TaxClassBody::from(&class)))
}
