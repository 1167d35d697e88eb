//! Stock, for staff.

pub(super) mod adjust;
pub(crate) mod file;
pub(super) mod movements;
pub(super) mod policy;

use std::sync::Arc;

use crate::context::State;
use crate::example;
use crate::extract::{FromQuery, Params, Path, Query, Staff, boolean, id_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{Body, Id, List, NamedProduct, Resource, Timestamp, products_of};
use crate::schema::{Apiv2Schema, ResponseBody};
use application::Error;
use domain::PageRequest;
use domain::products::ProductId;
use domain::stock::{Stock, StockFilter};
use serde::Serialize;

pub(super) const TAG: &Tag = &Tag {
    name: "Stock",
    description: "How many of each product are on hand, and every change that ever was. For staff.",
};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<NamedProduct>,
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
            product: None,
        }
    }
}

impl ResponseBody for StockBody {
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
pub(crate) struct ListQuery {
    filter: StockFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let below_threshold =
            params.optional("below_threshold", "Only what is below its reorder point, or only what is not.", boolean);
        let product_ids = params.several(
            "product_id",
            "Only that of this product; up to 100, each as a parameter.",
            100,
            id_parameter(ProductId),
        );
        let page = params.page("stock");
        let filter = StockFilter { product_ids: product_ids?, below_threshold: below_threshold? };
        Some(Self { filter, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listStock",
    "List all stock",
    "Page by page, or only what is below its reorder point, or that of some products, each with its `product`.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<StockBody>, Problem> {
    let page = state.queries.stock.list(&query.0.filter, &query.0.page).await?;
    let products = products_of(&state.queries, page.items.iter().map(|stock| stock.product_id)).await?;
    let named = |stock: Stock| {
        let product = products.get(&stock.product_id).cloned();
        StockBody { product, ..stock.into() }
    };
    Ok(List::new("stock", page, named))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showStock", "Show the stock of a product", "What is on hand, and when it is restocked.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
) -> Result<Resource<StockBody>, Problem> {
    let stock = state.queries.stock.get(id.0).await?.ok_or(Error::NotFound("product"))?;
    Ok(Resource(stock.into()))
}
