use actix_web::web::Data;
use application::Error;
use domain::PageRequest;
use domain::products::ProductId;
use domain::stock::{Movement, MovementKind};
use paperclip::actix::{Apiv2Schema, api_v2_operation};
use serde::Serialize;

use crate::answer::{Body, Id, Listed, Shown, Timestamp, Word};
use crate::extract::{Admin, FromQuery, Params, Path, Query};
use crate::openapi::{Example, example};
use crate::problem::Problem;
use crate::state::State;

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

impl Example for MovementBody {
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
pub(crate) struct Wanted(PageRequest);

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("movements").map(Self)
    }
}

/// List the movements of a product, newest first
///
/// Every change of its stock that ever was. Their sum is what is on hand.
#[api_v2_operation(tags(Stock), operation_id = "listMovements")]
pub(crate) async fn list(
    _admin: Admin,
    state: Data<State>,
    id: Path<ProductId>,
    wanted: Query<Wanted>,
) -> Result<Listed<MovementBody>, Problem> {
    let page = state.stock.movements(id.0, &wanted.0.0).await?.ok_or(Error::NotFound("product"))?;
    Ok(Listed::new("movements", page, |movement| MovementBody::from(&movement)))
}

/// Show a movement
///
/// Movements never change.
#[api_v2_operation(tags(Stock), operation_id = "showMovement")]
pub(crate) async fn show(
    _admin: Admin,
    state: Data<State>,
    path: Path<(ProductId, i64)>,
) -> Result<Shown<MovementBody>, Problem> {
    let (id, sequence) = path.0;
    let movement = state.stock.movement(id, sequence).await?.ok_or(Error::NotFound("movement"))?;
    Ok(Shown::new(MovementBody::from(&movement)))
}
