use super::{Stock, StockChange, StockOutOfBounds};
use crate::carts::Line;
use crate::orders::{Order, OrderId};
use crate::products::ProductId;
use crate::{Quantity, UtcDateTime};

/// The units that an order takes from stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// The order that the units go into.
    pub order_id: OrderId,
    /// Products and units, in order of product id.
    pub items: Vec<(ProductId, Quantity)>,
    /// Whether every product stays above its reorder point, according to what this transaction has read: at least one
    /// unit and at least `restock_threshold` units remain. Such a sale sells no product out and makes no restock due.
    pub above_reorder_point: bool,
    /// Time of the order.
    pub at: UtcDateTime,
}

/// How the store carries out a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sold {
    /// The units are taken. Has the changes, in order of product id.
    Applied(Vec<StockChange>),
    /// The units will be taken at the commit, which fails with `Raced` if a product would not stay above its reorder
    /// point.
    Deferred,
}

impl Sale {
    /// The sale of an order that was placed with `lines`.
    pub fn of(order: &Order, lines: &[Line]) -> Self {
        Self {
            order_id: order.id,
            items: order.lines.iter().map(|line| (line.product_id, line.quantity)).collect(),
            above_reorder_point: lines.iter().all(Line::stays_above_reorder_point),
            at: order.placed_at,
        }
    }

    /// Takes the units from `stocks`.
    ///
    /// # Errors
    /// If a product has too few units, or no stock.
    pub fn apply(&self, stocks: &[Stock]) -> Result<Vec<StockChange>, StockOutOfBounds> {
        let taken = |&(product_id, quantity): &(ProductId, Quantity)| {
            let stock = stocks.iter().find(|stock| stock.product_id == product_id);
            stock.ok_or(StockOutOfBounds { on_hand: 0 })?.sell(quantity, self.order_id, self.at)
        };
        self.items.iter().map(taken).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_sale_takes_all_of_its_items_or_nothing_r61() {
        let id = |n| ProductId(Uuid::from_u128(n));
        let units = |n| Quantity::parse(n).unwrap();
        let now = UtcDateTime::UNIX_EPOCH;
        let items = vec![(id(1), units(2)), (id(2), units(3))];
        let sale = Sale { order_id: OrderId(Uuid::from_u128(9)), items, above_reorder_point: true, at: now };
        let left = |stocks: &[Stock]| -> Result<Vec<i64>, StockOutOfBounds> {
            Ok(sale.apply(stocks)?.iter().map(|change| change.stock.on_hand).collect())
        };
        let stock = |n, on_hand| Stock::new(id(n), on_hand, now);
        assert_eq!(left(&[stock(1, 2), stock(2, 9)]), Ok(vec![0, 6]));
        assert_eq!(left(&[stock(1, 2), stock(2, 2)]), Err(StockOutOfBounds { on_hand: 2 }));
        assert_eq!(left(&[stock(1, 2)]), Err(StockOutOfBounds { on_hand: 0 }));
    }
}
