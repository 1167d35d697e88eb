//! A file of stock, for spreadsheets.

use std::collections::HashMap;

use application::Queries;
use domain::PageRequest;
use domain::products::{ProductId, ProductSummary};
use domain::restocks::{Restock, RestockFilter, RestockStatus};
use domain::stock::{Stock, StockFilter};

use crate::files::{csv_line, exported_line};
use crate::respond::{CsvFile, Timestamp, text_of};

const COLUMNS: [&str; 9] = [
    "product_id",
    "sku",
    "name",
    "on_hand",
    "restock_threshold",
    "restock_target",
    "below_threshold",
    "ordered_quantity",
    "ordered_at",
];

/// A file of the stock that a filter finds, each with its open restock.
pub(crate) fn file(name: &'static str, queries: &Queries, filter: StockFilter) -> CsvFile {
    let queries = queries.clone();
    CsvFile::of_list(name, csv_line(COLUMNS.into_iter()), move |page| {
        let (queries, filter) = (queries.clone(), filter.clone());
        async move {
            let found = queries.stock.list(&filter, &page).await?;
            let ids: Vec<_> = found.items.iter().map(|stock| stock.product_id).collect();
            let products = queries.products.summaries(&ids).await?;
            let products: HashMap<_, _> = products.into_iter().map(|product| (product.id, product)).collect();
            let coming = coming(&queries, ids, &page).await?;
            let line = |stock: Stock| line(&stock, products.get(&stock.product_id), coming.get(&stock.product_id));
            Ok(found.map(line))
        }
    })
}

/// The open restocks of the products of a page. A product has at most one.
async fn coming(
    queries: &Queries,
    product_ids: Vec<ProductId>,
    page: &PageRequest,
) -> Result<HashMap<ProductId, Restock>, application::Error> {
    if product_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = RestockFilter { product_ids, status: Some(RestockStatus::Open) };
    let found = queries.restocks.list(&filter, &PageRequest { limit: page.limit, after: None }).await?;
    Ok(found.items.into_iter().map(|restock| (restock.product_id, restock)).collect())
}

fn line(stock: &Stock, product: Option<&ProductSummary>, coming: Option<&Restock>) -> Vec<u8> {
    let cells: [String; COLUMNS.len()] = [
        stock.product_id.to_string(),
        product.and_then(|product| product.sku.as_ref()).map(|sku| sku.as_str().to_owned()).unwrap_or_default(),
        product.map(|product| product.name.to_string()).unwrap_or_default(),
        stock.on_hand.to_string(),
        stock.restock_threshold.to_string(),
        stock.restock_target.to_string(),
        stock.below_threshold().to_string(),
        coming.map(|restock| restock.ordered.to_string()).unwrap_or_default(),
        coming.map(|restock| text_of(&Timestamp(restock.opened_at))).unwrap_or_default(),
    ];
    exported_line(cells)
}
