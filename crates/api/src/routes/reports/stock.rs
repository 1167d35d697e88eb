use std::sync::Arc;

use domain::reports::{StockTotals, StockValue};
use domain::{Currency, PageRequest};
use serde::Serialize;
use serde_json::Value;

use super::TAG;
use crate::context::State;
use crate::cursor;
use crate::example;
use crate::extract::{FromQuery, Params, Query, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{CsvOr, Id, Tabular, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// A page of the rows.
pub(crate) struct Paged(PageRequest);

const LIST: &str = "stock report";

impl FromQuery for Paged {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page(LIST).map(Self)
    }
}

/// What the stock of the shop is worth.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "StockReport")]
pub(crate) struct StockBody {
    /// The currency of all amounts, which are in its minor unit.
    currency: Word<Currency>,
    rows: Vec<RowBody>,
    totals: TotalsBody,
    next_cursor: Option<String>,
}

/// What the units of a product on hand are worth.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "StockRow")]
struct RowBody {
    product_id: Id,
    sku: Option<String>,
    name: String,
    on_hand: i64,
    /// The price of one.
    price: i64,
    /// On hand × price.
    value: i64,
}

/// What all stock is worth, also that of other pages.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "StockTotals")]
struct TotalsBody {
    /// Products with units on hand.
    products: i64,
    on_hand: i64,
    /// On hand × price.
    value: i64,
}

impl From<&StockValue> for RowBody {
    fn from(stock: &StockValue) -> Self {
        Self {
            product_id: Id(stock.product_id.0),
            sku: stock.sku.as_ref().map(|sku| sku.as_str().to_owned()),
            name: stock.name.as_str().to_owned(),
            on_hand: stock.on_hand,
            price: stock.price.amount(),
            value: stock.value(),
        }
    }
}

impl From<StockTotals> for TotalsBody {
    fn from(StockTotals { products, on_hand, value }: StockTotals) -> Self {
        Self { products, on_hand, value }
    }
}

pub(crate) const STOCK: Operation = Operation::new(
    TAG,
    "stockReport",
    "Show what the units on hand are worth at the prices of now",
    "Products with units on hand, whatever their status, page by page; the totals are those of all pages. With \
     `Accept: text/csv` a page is a table, and the header `Link` names the next one.",
);

pub(crate) async fn stock(_staff: Staff, state: Arc<State>, page: Query<Paged>) -> Result<CsvOr<StockBody>, Problem> {
    let found = state.queries.reports.stock_values(&page.0.0).await?;
    let totals = state.queries.reports.stock_totals().await?;
    Ok(CsvOr(StockBody {
        currency: state.shop.currency.code().into(),
        rows: found.items.iter().map(RowBody::from).collect(),
        totals: totals.into(),
        next_cursor: found.next.map(|next| cursor::encode(&state.seal, LIST, &next)),
    }))
}

impl Tabular for StockBody {
    const HEAD: &'static [&'static str] = &["product_id", "sku", "name", "on_hand", "price", "value", "currency"];
    const HEADERS: &'static [&'static str] = &["Link"];

    fn lines(&self) -> Vec<Value> {
        crate::respond::lines(&self.rows, &self.currency)
    }

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

impl ResponseBody for StockBody {
    fn example() -> Self {
        let product = example::product();
        let stock = StockValue {
            product_id: product.id,
            sku: product.sku,
            name: product.name,
            on_hand: 12,
            price: product.price,
        };
        let totals = StockTotals { products: 1, on_hand: stock.on_hand, value: stock.value() };
        Self {
            currency: example::shop().currency.code().into(),
            rows: vec![RowBody::from(&stock)],
            totals: totals.into(),
            next_cursor: None,
        }
    }
}
