use std::sync::Arc;

use application::tax_classes::UpdateTaxClass;
use domain::tax_classes::{TaxClassId, TaxClassName};
use serde_json::{Value, json};

use super::TAG;
use super::body::TaxClassBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

/// A change of a tax class.
pub(crate) struct TaxClassChange {
    name: Option<TaxClassName>,
}

impl FromFields for TaxClassChange {
    const NAME: &'static str = "TaxClassChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { name: fields.change("name", &text(TaxClassName::parse))? })
    }

    fn example() -> Value {
        json!({ "name": "Food, books and newspapers" })
    }
}

pub(crate) const UPDATE: Operation =
    Operation::new(TAG, "updateTaxClass", "Rename a tax class", "Its code stays, because others name it by that.");

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<TaxClassId>,
    expected: IfMatch,
    change: Body<TaxClassChange>,
) -> Result<Resource<TaxClassBody>, Problem> {
    let update = UpdateTaxClass { id: id.0, name: change.0.name, expected: expected.0 };
    let class = staff.runner(&state).run(update).await?;
    Ok(Resource(TaxClassBody::from(&class)))
}
