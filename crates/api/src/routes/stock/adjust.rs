use std::sync::Arc;

use application::stock::AdjustStock;
use domain::products::ProductId;
use domain::stock::{Adjustment, Movement, Reason};
use serde_json::{Value, json};

use super::TAG;
use super::movements::MovementBody;
use crate::context::State;
use crate::extract::read::{integer, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

/// A manual stock adjustment.
pub(crate) struct NewAdjustment {
    quantity: Adjustment,
    reason: Reason,
}

impl FromFields for NewAdjustment {
    const NAME: &'static str = "NewAdjustment";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let quantity = fields.required("quantity", &integer(Adjustment::parse));
        let reason = fields.required("reason", &text(Reason::parse));
        Some(Self { quantity: quantity?, reason: reason? })
    }

    fn example() -> Value {
        json!({ "quantity": -2, "reason": "Broken in the warehouse" })
    }
}

pub(crate) const ADJUST: Operation = Operation::new(
    TAG,
    "adjustStock",
    "Adjust stock",
    "Adds units, or takes them if the quantity is negative. Stock never falls below 0; falling below its reorder point \
     opens a restock.",
)
.problems(&[Kind::STOCK_BOUNDS]);

pub(crate) async fn adjust(
    staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    request: IdempotentBody<NewAdjustment>,
) -> Result<Idempotent<Created<MovementBody>>, Problem> {
    let IdempotentBody { body: NewAdjustment { quantity, reason }, claim } = request;
    let adjust = AdjustStock { product_id: id.0, adjustment: quantity, reason };
    let present = |movement: &Movement| Created::at(MovementBody::location(movement), &MovementBody::from(movement));
    Ok(staff.runner(&state).run_once(claim, adjust, present).await?.try_into()?)
}
