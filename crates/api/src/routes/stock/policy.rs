use std::sync::Arc;

use application::stock::SetRestockPolicy;
use domain::products::ProductId;
use domain::stock::RestockPolicy;
use serde_json::{Value, json};

use super::StockBody;
use super::TAG;
use crate::context::State;
use crate::extract::read::unchecked_integer;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

impl FromFields for RestockPolicy {
    const NAME: &'static str = "RestockPolicy";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let threshold = fields.required("restock_threshold", &unchecked_integer(Self::BOUNDS));
        let target = fields.required("restock_target", &unchecked_integer(Self::BOUNDS));
        let refuse = |bad: Vec<_>| bad.into_iter().for_each(|(name, invalid)| fields.refuse(name, invalid));
        Self::parse(threshold?, target?).map_err(refuse).ok()
    }

    fn example() -> Value {
        json!({ "restock_threshold": 5, "restock_target": 50 })
    }
}

pub(crate) const SET: Operation = Operation::new(
    TAG,
    "setRestockPolicy",
    "Set the reorder point of a product and the level to restock to",
    "The target must not be below the reorder point. A reorder point of 0 restocks nothing.",
);

pub(crate) async fn set(
    staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    expected: IfMatch,
    policy: Body<RestockPolicy>,
) -> Result<Resource<StockBody>, Problem> {
    let set = SetRestockPolicy { product_id: id.0, policy: policy.0, expected: expected.0 };
    let stock = staff.runner(&state).run(set).await?;
    Ok(Resource(stock.into()))
}
