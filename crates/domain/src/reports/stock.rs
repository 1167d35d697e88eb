use crate::Price;
use crate::products::{ProductId, ProductName, Sku};

/// What the units of a product on hand are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockValue {
    /// Whose units they are.
    pub product_id: ProductId,
    /// The shop's own code for it; `None` if it has none.
    pub sku: Option<Sku>,
    /// The name as it is now.
    pub name: ProductName,
    /// Its units on hand.
    pub on_hand: i64,
    /// The price of one unit, as it is now.
    pub price: Price,
}

impl StockValue {
    /// On hand × price, in minor units. Both are bounded so that it does not fit for absurd stock alone.
    pub fn value(&self) -> i64 {
        self.on_hand.saturating_mul(self.price.amount())
    }
}

/// What all stock is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StockTotals {
    /// The products with units on hand.
    pub products: i64,
    /// Their units.
    pub on_hand: i64,
    /// On hand × price, in minor units.
    pub value: i64,
}
