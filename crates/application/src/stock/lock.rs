use domain::products::ProductId;
use domain::stock::{Stock, StockOutOfBounds};

use crate::{Conflict, Error, Tx};

/// Locks the stock of one product.
///
/// # Errors
/// [`Error::NotFound`] if there is no such product.
pub async fn lock_stock(tx: &mut dyn Tx, id: ProductId) -> Result<Stock, Error> {
    tx.stock().lock(&[id]).await?.pop().ok_or(Error::NotFound("product"))
}

impl From<StockOutOfBounds> for Error {
    fn from(StockOutOfBounds { on_hand }: StockOutOfBounds) -> Self {
        Conflict::StockBounds { on_hand }.into()
    }
}
