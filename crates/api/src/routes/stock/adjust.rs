use actix_web::web::Data;
use application::stock::AdjustStock;
use domain::products::ProductId;
use domain::stock::{Adjustment, Movement, Reason};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::movements::MovementBody;
use crate::answer::{Created, Kept};
use crate::extract::read::{integer, text};
use crate::extract::{Admin, Fields, FromFields, Once, Path};
use crate::refused::Refused;
use crate::state::State;

/// A change of stock by hand.
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

/// Change stock by hand
///
/// Adds units, or takes them if the quantity is negative. Stock never falls below 0; falling below its threshold opens a
/// restock.
#[api_v2_operation(tags(Stock), operation_id = "adjustStock")]
pub(crate) async fn adjust(
    admin: Admin,
    state: Data<State>,
    id: Path<ProductId>,
    once: Once<NewAdjustment>,
) -> Result<Kept<Created<MovementBody>>, Refused<AdjustStock>> {
    let Once { body: NewAdjustment { quantity, reason }, claim } = once;
    let adjust = AdjustStock { product_id: id.0, adjustment: quantity, reason };
    let present = |movement: &Movement| Created::at(MovementBody::location(movement), &MovementBody::from(movement));
    Ok(admin.runner(&state).run_once(claim, adjust, present).await?.try_into()?)
}
