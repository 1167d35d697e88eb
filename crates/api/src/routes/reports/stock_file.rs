//! A file of what the stock is worth, for spreadsheets.

use application::Queries;
use domain::Currency;
use domain::reports::StockValue;

use crate::files::{csv_line, exported_line};
use crate::respond::CsvFile;

const COLUMNS: [&str; 7] =
    ["product_id", "sku", "name", "on_hand", "price_minor_units", "value_minor_units", "currency"];

/// A file of all products with units on hand.
pub(crate) fn file(queries: &Queries, currency: Currency) -> CsvFile {
    let queries = queries.clone();
    CsvFile::of_list("stock-value.csv", csv_line(COLUMNS.into_iter()), move |page| {
        let queries = queries.clone();
        async move { Ok(queries.reports.stock_values(&page).await?.map(|value| line(&value, currency))) }
    })
}

fn line(stock: &StockValue, currency: Currency) -> Vec<u8> {
    let cells: [String; COLUMNS.len()] = [
        stock.product_id.to_string(),
        stock.sku.as_ref().map(|sku| sku.as_str().to_owned()).unwrap_or_default(),
        stock.name.to_string(),
        stock.on_hand.to_string(),
        stock.price.amount().to_string(),
        stock.value().to_string(),
        currency.code().to_owned(),
    ];
    exported_line(cells)
}
