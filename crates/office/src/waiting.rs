//! How much waits to be done, beside the navigation and on the first page (R238).

use application::{Error, Queries};
use domain::orders::{OrderFilter, OrderScope, OrderStage};
use domain::stock::StockFilter;

use crate::lists::first;

/// The most of each kind that is counted.
pub(crate) const COUNTED: i64 = 100;

/// How much waits, whoever asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The orders that may be shipped.
    pub(crate) to_ship: usize,
    /// The products that are low.
    pub(crate) low: usize,
}

impl Waiting {
    /// What is counted now.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(crate) async fn counted(queries: &Queries) -> Result<Self, Error> {
        let most = first(COUNTED);
        let to_ship = OrderFilter { stage: Some(OrderStage::ToShip), ..OrderFilter::default() };
        let low = StockFilter { below_threshold: Some(true), ..StockFilter::default() };
        Ok(Self {
            to_ship: queries.orders.list(OrderScope::All, &to_ship, &most).await?.items.len(),
            low: queries.stock.list(&low, &most).await?.items.len(),
        })
    }
}
