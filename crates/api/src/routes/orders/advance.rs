use actix_web::web::Data;
use application::orders::AdvanceOrder;
use domain::Date;
use domain::orders::{Carrier, Note, Order, OrderId, OrderStatus, Parcel, TrackingNumber};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::OrderBody;
use crate::answer::{Kept, Updated};
use crate::extract::read::{day, text};
use crate::extract::{Admin, Fields, FromFields, Once, Path};
use crate::refused::Refused;
use crate::state::State;

/// A step of an order on its way to the customer.
pub(crate) struct NewStatus {
    status: OrderStatus,
    parcel: Parcel,
    expected_delivery: Option<Date>,
    note: Option<Note>,
}

impl FromFields for NewStatus {
    const NAME: &'static str = "NewStatus";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let status = fields.required("status", &text(OrderStatus::parse));
        let carrier = fields.optional("carrier", &text(Carrier::parse));
        let tracking_number = fields.optional("tracking_number", &text(TrackingNumber::parse));
        let expected_delivery = fields.optional("expected_delivery", &day());
        let note = fields.optional("note", &text(Note::parse));
        Some(Self {
            status: status?,
            parcel: Parcel { carrier: carrier?, tracking_number: tracking_number? },
            expected_delivery: expected_delivery?,
            note: note?,
        })
    }

    fn example() -> Value {
        json!({ "status": "shipped", "carrier": "UPS", "tracking_number": "1Z999AA10123456784" })
    }
}

/// Take an order a step further: placed, processing, shipped, delivered
///
/// Any other step is a 409 that names the allowed ones. What is known of the parcel can come with any step.
#[api_v2_operation(tags(Orders), operation_id = "advanceOrder")]
pub(crate) async fn advance(
    admin: Admin,
    state: Data<State>,
    id: Path<OrderId>,
    once: Once<NewStatus>,
) -> Result<Kept<Updated<OrderBody>>, Refused<AdvanceOrder>> {
    let Once { body: NewStatus { status, parcel, expected_delivery, note }, claim } = once;
    let advance = AdvanceOrder { id: id.0, to: status, parcel, expected_delivery, note };
    let present = |order: &Order| Updated::with(&OrderBody::from(order));
    Ok(admin.runner(&state).run_once(claim, advance, present).await?.try_into()?)
}
