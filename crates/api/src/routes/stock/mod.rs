//! Stock, for administrators.

pub(super) mod adjust;
pub(super) mod movements;
pub(super) mod policy;

use actix_web::web::Data;
use application::Error;
use domain::PageRequest;
use domain::products::ProductId;
use domain::stock::{Stock, StockFilter};
use paperclip::actix::{Apiv2Schema, api_v2_operation};
use serde::Serialize;

use crate::answer::{Body, Id, Listed, Shown, Timestamp};
use crate::extract::{Admin, FromQuery, Params, Path, Query, boolean};
use crate::openapi::{Example, example};
use crate::problem::Problem;
use crate::state::State;

/// The stock of a product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Stock")]
pub(crate) struct StockBody {
    product_id: Id,
    on_hand: i64,
    restock_threshold: i64,
    restock_target: i64,
    below_threshold: bool,
    version: i64,
    updated_at: Timestamp,
}

impl From<Stock> for StockBody {
    fn from(stock: Stock) -> Self {
        Self {
            product_id: Id(stock.product_id.0),
            on_hand: stock.on_hand,
            restock_threshold: stock.restock_threshold,
            restock_target: stock.restock_target,
            below_threshold: stock.below_threshold(),
            version: stock.version.0,
            updated_at: Timestamp(stock.updated_at),
        }
    }
}

impl Example for StockBody {
    fn example() -> Self {
        example::stock().into()
    }
}

impl Body for StockBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// Which stock is wanted.
pub(crate) struct Wanted {
    filter: StockFilter,
    page: PageRequest,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let below_threshold =
            params.optional("below_threshold", "Only what is below its threshold, or only what is not.", boolean);
        let page = params.page("stock");
        Some(Self { filter: StockFilter { below_threshold: below_threshold? }, page: page? })
    }
}

/// List all stock
///
/// Page by page, or only what is below its threshold.
#[api_v2_operation(tags(Stock), operation_id = "listStock")]
pub(crate) async fn list(
    _admin: Admin,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<StockBody>, Problem> {
    let page = state.stock.list(&wanted.0.filter, &wanted.0.page).await?;
    Ok(Listed::new("stock", page, StockBody::from))
}

/// Show the stock of a product
///
/// What is on hand, and when it is restocked.
#[api_v2_operation(tags(Stock), operation_id = "showStock")]
pub(crate) async fn show(_admin: Admin, state: Data<State>, id: Path<ProductId>) -> Result<Shown<StockBody>, Problem> {
    let stock = state.stock.get(id.0).await?.ok_or(Error::NotFound("product"))?;
    Ok(Shown::new(stock.into()))
}
