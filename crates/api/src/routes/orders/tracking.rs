use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::read::{day, text};
use crate::extract::{Body as JsonBody, Caller, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Body, Day, Id, Resource, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use application::Error;
use application::orders::CorrectTracking;
use domain::orders::{
    Carrier, EditedPart, HistoryEntry, Note, OrderId, OrderScope, OrderStatus, ShipmentChange, Tracking, TrackingNumber,
};
use serde::Serialize;
use serde_json::{Value, json};

/// Where an order is.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Tracking")]
pub(crate) struct TrackingBody {
    order_id: Id,
    status: Word<OrderStatus>,
    placed_at: Timestamp,
    expected_delivery: Day,
    carrier: Option<String>,
    tracking_number: Option<String>,
    /// Every step so far, the first one first.
    history: Vec<Step>,
    #[serde(skip)]
    version: i64,
}

/// A step in the life of an order.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct Step {
    status: Word<OrderStatus>,
    at: Timestamp,
    note: Option<String>,
    /// What a correction of the tracking replaced; null if it is no correction.
    replaced: Option<Replaced>,
    /// What an edit of the order changed; empty if it is no edit.
    edited: Vec<Word<EditedPart>>,
}

#[derive(Serialize, Apiv2Schema)]
pub(crate) struct Replaced {
    carrier: Option<String>,
    tracking_number: Option<String>,
    expected_delivery: Day,
}

impl From<Tracking> for TrackingBody {
    fn from(tracking: Tracking) -> Self {
        Self {
            order_id: Id(tracking.order_id.0),
            status: tracking.status.as_str().into(),
            placed_at: Timestamp(tracking.placed_at),
            expected_delivery: Day(tracking.expected_delivery),
            carrier: tracking.carrier.as_ref().map(ToString::to_string),
            tracking_number: tracking.tracking_number.as_ref().map(ToString::to_string),
            history: tracking.history.iter().map(Step::from).collect(),
            version: tracking.version.0,
        }
    }
}

impl From<&HistoryEntry> for Step {
    fn from(entry: &HistoryEntry) -> Self {
        Self {
            status: entry.status.as_str().into(),
            at: Timestamp(entry.at),
            note: entry.note.as_ref().map(ToString::to_string),
            replaced: entry.replaced.as_ref().map(|old| Replaced {
                carrier: old.carrier.as_ref().map(ToString::to_string),
                tracking_number: old.tracking_number.as_ref().map(ToString::to_string),
                expected_delivery: Day(old.expected_delivery),
            }),
            edited: entry.edited.iter().map(|part| part.as_str().into()).collect(),
        }
    }
}

impl ResponseBody for TrackingBody {
    fn example() -> Self {
        example::tracking().into()
    }
}

impl Body for TrackingBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

pub(crate) const TRACKING: Operation = Operation::new(
    TAG,
    "trackOrder",
    "Track an order",
    "With carrier and tracking number, once they are known, and every step so far.",
);

pub(crate) async fn tracking(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
) -> Result<Resource<TrackingBody>, Problem> {
    let tracking = state.queries.orders.tracking(id.0, caller.order_scope()).await?.ok_or(Error::NotFound("order"))?;
    Ok(Resource(tracking.into()))
}

/// What is wrong of the tracking of an order.
pub(crate) struct Correction {
    change: ShipmentChange,
    note: Option<Note>,
}

impl FromFields for Correction {
    const NAME: &'static str = "TrackingCorrection";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let carrier = fields.change_or_clear("carrier", &text(Carrier::parse));
        let tracking_number = fields.change_or_clear("tracking_number", &text(TrackingNumber::parse));
        let expected_delivery = fields.change("expected_delivery", &day());
        let note = fields.optional("note", &text(Note::parse));
        let change = ShipmentChange {
            carrier: carrier?,
            tracking_number: tracking_number?,
            expected_delivery: expected_delivery?,
        };
        Some(Self { change, note: note? })
    }

    fn example() -> Value {
        json!({ "tracking_number": "1Z999AA10123456784", "note": "A digit was wrong." })
    }
}

pub(crate) const CORRECT: Operation = Operation::new(
    TAG,
    "correctTracking",
    "Correct carrier, tracking number or expected day of an order that is on its way",
    "What is not named stays; null removes carrier or tracking number. The history keeps what was replaced.",
)
.problems(&[Kind::NOT_SHIPPED, Kind::ORDER_FIXED]);

pub(crate) async fn correct(
    staff: Staff,
    state: Arc<State>,
    id: Path<OrderId>,
    expected: IfMatch,
    body: JsonBody<Correction>,
) -> Result<Resource<TrackingBody>, Problem> {
    let Correction { change, note } = body.0;
    staff.runner(&state).run(CorrectTracking { id: id.0, change, note, expected: expected.0 }).await?;
    let tracking = state.queries.orders.tracking(id.0, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
    Ok(Resource(tracking.into()))
}
