use std::sync::Arc;

use application::orders::AdvanceOrder;
use domain::Date;
use domain::orders::{Carrier, Note, Order, OrderId, OrderStatus, Parcel, TrackingNumber};
use serde_json::{Value, json};

use super::TAG;
use super::body::OrderBody;
use crate::context::State;
use crate::extract::read::{day, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Updated};

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

pub(crate) const ADVANCE: Operation = Operation::new(
    TAG,
    "advanceOrder",
    "Advance an order: placed, processing, shipped, delivered",
    "Any other step is a 409 that names the allowed ones. What is known of the parcel can come with any step.",
)
.problems(&[Kind::ORDER_STEP, Kind::ORDER_FIXED]);

pub(crate) async fn advance(
    staff: Staff,
    state: Arc<State>,
    id: Path<OrderId>,
    request: IdempotentBody<NewStatus>,
) -> Result<Idempotent<Updated<OrderBody>>, Problem> {
    let IdempotentBody { body: NewStatus { status, parcel, expected_delivery, note }, claim } = request;
    let advance = AdvanceOrder { parcel, expected_delivery, note, ..AdvanceOrder::to(id.0, status) };
    let present = |order: &Order| Updated::with(&OrderBody::from(order));
    Ok(staff.runner(&state).run_once(claim, advance, present).await?.try_into()?)
}
