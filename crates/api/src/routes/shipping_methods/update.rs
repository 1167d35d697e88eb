use std::sync::Arc;

use application::shipping_methods::UpdateShippingMethod;
use domain::Price;
use domain::pricing::{Basis, MethodCode, MethodName, ZoneId};
use domain::shipping_methods::{Days, MethodChange, MethodStatus, Position, ShippingMethodId};
use domain::tax_classes::TaxClassCode;
use serde_json::{Value, json};

use super::TAG;
use super::body::ShippingMethodBody;
use super::tiers::{in_order, tiers};
use crate::context::State;
use crate::extract::read::{id, integer, object, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

impl FromFields for MethodChange {
    const NAME: &'static str = "ShippingMethodChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.change("code", &text(MethodCode::parse));
        let name = fields.change("name", &text(MethodName::parse));
        let zone_id = fields.change("zone_id", &id(ZoneId));
        let status = fields.change("status", &text(MethodStatus::parse));
        let position = fields.change("position", &integer(Position::parse));
        let basis = fields.change("basis", &text(Basis::parse));
        let given = fields.change("tiers", &in_order());
        let free_from = fields.change_or_clear("free_from", &object::<Price>());
        let tax_class = fields.change_or_clear("tax_class", &text(TaxClassCode::parse));
        let min_days = fields.change_or_clear("min_days", &integer(Days::parse));
        let max_days = fields.change_or_clear("max_days", &integer(Days::parse));
        let tiers = match given? {
            Some(given) => tiers(given, fields).map(Some),
            None => Some(None),
        };
        Some(Self {
            code: code?,
            name: name?,
            zone_id: zone_id?,
            status: status?,
            position: position?,
            basis: basis?,
            tiers: tiers?,
            free_from: free_from?,
            tax_class: tax_class?,
            min_days: min_days?,
            max_days: max_days?,
        })
    }

    fn example() -> Value {
        json!({ "status": "inactive", "free_from": Price::example() })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateShippingMethod",
    "Change a shipping method",
    "Fields that are not named stay. `tiers` are all tiers from now on; null takes away `free_from`, `tax_class` and the \
     days. An inactive method is not offered.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<ShippingMethodId>,
    expected: IfMatch,
    change: Body<MethodChange>,
) -> Result<Resource<ShippingMethodBody>, Problem> {
    let update = UpdateShippingMethod { id: id.0, change: change.0, expected: expected.0 };
    let method = staff.runner(&state).run(update).await?;
    Ok(Resource(ShippingMethodBody::of(&method, state.shop)))
}
