use std::sync::Arc;

use application::tax_rates::UpdateTaxRate;
use domain::Date;
use domain::pricing::TaxRateId;
use serde_json::{Value, json};

use super::TAG;
use super::body::TaxRateBody;
use crate::context::State;
use crate::extract::read::day;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

/// A change of a tax rate.
pub(crate) struct TaxRateChange {
    ends_on: Option<Date>,
}

impl FromFields for TaxRateChange {
    const NAME: &'static str = "TaxRateChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { ends_on: fields.change("ends_on", &day())? })
    }

    fn example() -> Value {
        json!({ "ends_on": "2030-12-31" })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateTaxRate",
    "Give a tax rate another last day",
    "Nothing else of it changes, so that what was taxed stays explained: for another rate, end this one and make a new \
     one. The day is after today where the shop is, and a rate that has ended stays as it is.",
);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<TaxRateId>,
    expected: IfMatch,
    change: Body<TaxRateChange>,
) -> Result<Resource<TaxRateBody>, Problem> {
    let update = UpdateTaxRate { id: id.0, ends_on: change.0.ends_on, expected: expected.0 };
    let rate = staff.runner(&state).run(update).await?;
    Ok(Resource(TaxRateBody::from(&rate)))
}
