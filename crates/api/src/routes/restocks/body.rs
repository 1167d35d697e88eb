use crate::example;
use crate::respond::{Body, Id, NamedProduct, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use application::restocks::RestockRun;
use domain::restocks::{Restock, RestockStatus};
use serde::Serialize;

/// Units of a product that are on their way.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Restock")]
pub(crate) struct RestockBody {
    id: Id,
    product_id: Id,
    /// How many are on their way; once received, how many came.
    quantity: i64,
    /// How many were ordered.
    ordered_quantity: i64,
    status: Word<RestockStatus>,
    opened_at: Timestamp,
    /// When it was received or cancelled.
    closed_at: Option<Timestamp>,
    version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<NamedProduct>,
}

/// What a run opened.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "RestockRun")]
pub(crate) struct RunBody {
    opened: Vec<RestockBody>,
    /// False if more is due than one run opens: run it again.
    complete: bool,
}

impl From<&Restock> for RestockBody {
    fn from(restock: &Restock) -> Self {
        Self {
            id: Id(restock.id.0),
            product_id: Id(restock.product_id.0),
            quantity: restock.quantity,
            ordered_quantity: restock.ordered,
            status: restock.status.as_str().into(),
            opened_at: Timestamp(restock.opened_at),
            closed_at: restock.closed_at.map(Timestamp),
            version: restock.version.0,
            product: None,
        }
    }
}

impl RestockBody {
    /// The restock with its product. One of an archived product stays open, and is received by hand alone.
    pub(super) fn with(self, product: Option<&NamedProduct>) -> Self {
        Self { product: product.cloned(), ..self }
    }
}

impl From<&RestockRun> for RunBody {
    fn from(run: &RestockRun) -> Self {
        Self { opened: run.opened.iter().map(RestockBody::from).collect(), complete: run.complete }
    }
}

impl ResponseBody for RestockBody {
    fn example() -> Self {
        Self::from(&example::restock())
    }
}

impl ResponseBody for RunBody {
    fn example() -> Self {
        Self { opened: vec![RestockBody::example()], complete: true }
    }
}

impl Body for RestockBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// A run is no resource.
impl Body for RunBody {
    fn version(&self) -> Option<i64> {
        None
    }
}
