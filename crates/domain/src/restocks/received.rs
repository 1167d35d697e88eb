use super::Restock;
use crate::UtcDateTime;
use crate::stock::{MovementKind, Stock, StockChange, StockOutOfBounds};

impl Stock {
    /// Adds the units that came with a restock.
    ///
    /// # Errors
    /// If stock would exceed [`MAX_ON_HAND`](crate::stock::MAX_ON_HAND).
    pub fn receive(&self, restock: &Restock, now: UtcDateTime) -> Result<StockChange, StockOutOfBounds> {
        self.moved(MovementKind::Restock, restock.quantity, Some(restock.id.0), None, now)
    }
}
