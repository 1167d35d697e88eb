//! Tax rates, for staff.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::pricing::{TaxRateId, ZoneId};
use domain::tax_classes::TaxClassCode;
use domain::tax_rates::TaxRateFilter;

use self::body::TaxRateBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, day_parameter, id_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Tax rates", description: "Rates of a zone for a tax class, from a day on. For staff." };

/// Which tax rates are wanted.
pub(crate) struct ListQuery {
    filter: TaxRateFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let zone_id = params.optional("zone_id", "Only those of this zone.", id_parameter(ZoneId));
        let class = params.optional("tax_class", "Only those of the class with this code.", TaxClassCode::parse);
        let on = params.optional("holds_on", "Only those that hold on this day, such as 2026-01-31.", day_parameter);
        let page = params.page("tax rates");
        Some(Self { filter: TaxRateFilter { zone_id: zone_id?, class: class?, on: on? }, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listTaxRates",
    "List tax rates, the oldest first",
    "Page by page, or only those of one zone, class or day.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<TaxRateBody>, Problem> {
    let page = state.queries.tax_rates.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("tax rates", page, |rate| TaxRateBody::from(&rate)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showTaxRate", "Show a tax rate", "The `ETag` is what `If-Match` wants.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<TaxRateId>,
) -> Result<Resource<TaxRateBody>, Problem> {
    let rate = state.queries.tax_rates.get(id.0).await?.ok_or(Error::NotFound("tax rate"))?;
    Ok(Resource(TaxRateBody::from(&rate)))
}
