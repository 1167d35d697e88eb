use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::{Caller, Path};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Body, Day, Id, Resource, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use application::Error;
use domain::orders::{HistoryEntry, OrderId, OrderStatus, Tracking};
use serde::Serialize;

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
