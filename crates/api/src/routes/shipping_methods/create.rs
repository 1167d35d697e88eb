use std::sync::Arc;

use application::shipping_methods::CreateShippingMethod;
use domain::Price;
use domain::pricing::{Basis, MethodCode, MethodName, ZoneId};
use domain::shipping_methods::{Days, DeliveryDays, MethodDetails, MethodStatus, Position, ShippingMethod};
use domain::tax_classes::TaxClassCode;
use serde_json::{Value, json};

use super::TAG;
use super::body::ShippingMethodBody;
use super::tiers::{in_order, tiers};
use crate::context::State;
use crate::extract::read::{id, integer, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for MethodDetails {
    const NAME: &'static str = "NewShippingMethod";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", &text(MethodCode::parse));
        let name = fields.required("name", &text(MethodName::parse));
        let zone_id = fields.required("zone_id", &id(ZoneId));
        let status = fields.optional("status", &text(MethodStatus::parse));
        let position = fields.optional("position", &integer(Position::parse));
        let basis = fields.required("basis", &text(Basis::parse));
        let given = fields.required("tiers", &in_order());
        let free_from = fields.optional("free_from", &object::<Price>());
        let tax_class = fields.optional("tax_class", &text(TaxClassCode::parse));
        let min_days = fields.optional("min_days", &integer(Days::parse));
        let max_days = fields.optional("max_days", &integer(Days::parse));
        let tiers = given.and_then(|given| tiers(given, fields));
        let days = min_days.zip(max_days).and_then(|(min, max)| {
            DeliveryDays::new(min, max).map_err(|invalid| fields.refuse("max_days", invalid)).ok()
        });
        Some(Self {
            code: code?,
            name: name?,
            zone_id: zone_id?,
            status: status?.unwrap_or_default(),
            position: position?.unwrap_or_default(),
            basis: basis?,
            tiers: tiers?,
            free_from: free_from?,
            tax_class: tax_class?,
            days: days?,
        })
    }

    fn example() -> Value {
        let price = |amount: i64| json!({ "amount": amount, "currency": "USD" });
        json!({
            "code": "parcel",
            "name": "Parcel",
            "zone_id": crate::example::ID,
            "basis": "weight",
            "tiers": [
                { "from": 0, "amount": price(490) },
                { "from": 2000, "amount": price(690), "per": 1000, "per_amount": price(100) },
            ],
            "free_from": price(5000),
            "min_days": 2,
            "max_days": 4,
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createShippingMethod",
    "Make a shipping method",
    "It costs what the last tier says that begins at the value of the `basis` or below: `amount`, and `per_amount` for \
     each `per` begun above its beginning. The basis is nothing (`flat`), the grams (`weight`) or the units (`quantity`) \
     of what is shipped, or the goods after discounts in minor units (`subtotal`). The first tier begins at 0; a tier \
     without an `amount` says that the method is not offered from there on. With `free_from` it is free from so many \
     goods after discounts on. A place is offered the active methods of the most specific zone that has any.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<MethodDetails>,
) -> Result<Idempotent<Created<ShippingMethodBody>>, Problem> {
    let shop = state.shop;
    let present = move |made: &ShippingMethod| {
        Created::at(ShippingMethodBody::location(made), &ShippingMethodBody::of(made, shop))
    };
    Ok(staff.runner(&state).run_once(request.claim, CreateShippingMethod(request.body), present).await?.try_into()?)
}
