use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::{FromQuery, Nested, Params, Path, Query, Sequence, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Body, Id, List, Resource, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use application::Error;
use domain::PageRequest;
use domain::products::ProductId;
use domain::stock::{Movement, MovementKind};
use serde::Serialize;

/// A change of the stock of a product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Movement")]
pub(crate) struct MovementBody {
    product_id: Id,
    /// Its place among the movements of the product.
    sequence: i64,
    kind: Word<MovementKind>,
    /// Units added, or taken if negative.
    quantity: i64,
    /// Units on hand after it.
    balance: i64,
    /// The order or restock that it comes from.
    reference: Option<Id>,
    reason: Option<String>,
    at: Timestamp,
}

impl MovementBody {
    pub(super) fn location(movement: &Movement) -> String {
        format!("/api/v1/products/{}/stock/movements/{}", movement.product_id, movement.sequence)
    }
}

impl From<&Movement> for MovementBody {
    fn from(movement: &Movement) -> Self {
        Self {
            product_id: Id(movement.product_id.0),
            sequence: movement.sequence,
            kind: movement.kind.as_str().into(),
            quantity: movement.quantity,
            balance: movement.balance,
            reference: movement.reference.map(Id),
            reason: movement.reason.as_ref().map(ToString::to_string),
            at: Timestamp(movement.at),
        }
    }
}

impl ResponseBody for MovementBody {
    fn example() -> Self {
        Self::from(&example::movement())
    }
}

/// A movement never changes.
impl Body for MovementBody {
    fn version(&self) -> Option<i64> {
        None
    }
}

/// Which movements are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("movements").map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listMovements",
    "List the movements of a product, newest first",
    "Every change of its stock that ever was. Their sum is what is on hand.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    query: Query<ListQuery>,
) -> Result<List<MovementBody>, Problem> {
    let page = state.queries.stock.movements(id.0, &query.0.0).await?.ok_or(Error::NotFound("product"))?;
    Ok(List::new("movements", page, |movement| MovementBody::from(&movement)))
}

pub(crate) const SHOW: Operation = Operation::new(TAG, "showMovement", "Show a movement", "Movements never change.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    path: Path<Nested<ProductId, Sequence>>,
) -> Result<Resource<MovementBody>, Problem> {
    let Nested(id, Sequence(sequence)) = path.0;
    let movement = state.queries.stock.movement(id, sequence).await?.ok_or(Error::NotFound("movement"))?;
    Ok(Resource(MovementBody::from(&movement)))
}
