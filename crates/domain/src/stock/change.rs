use super::{Adjustment, MAX_ON_HAND, Movement, MovementKind, Reason, Stock};
use crate::orders::OrderId;
use crate::{Quantity, UtcDateTime, Uuid};

/// A change of stock with its movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockChange {
    /// The stock after the change.
    pub stock: Stock,
    /// The movement that records the change.
    pub movement: Movement,
}

/// A change would take `on_hand` below 0 or above [`MAX_ON_HAND`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stock must stay between 0 and {MAX_ON_HAND}, and {on_hand} units are on hand")]
pub struct StockOutOfBounds {
    /// Units on hand before the change.
    pub on_hand: i64,
}

impl StockChange {
    /// Whether it takes the units on hand below their reorder point.
    pub const fn falls_below_threshold(&self) -> bool {
        let before = self.stock.on_hand - self.movement.quantity;
        self.stock.below_threshold() && before >= self.stock.restock_threshold
    }

    /// Whether the product became available or sold out.
    pub const fn changes_availability(&self) -> bool {
        let before = self.stock.on_hand - self.movement.quantity;
        (self.stock.on_hand > 0) != (before > 0)
    }
}

/// The rules of stock. Every change of stock uses one of these functions; the database only enforces the result.
impl Stock {
    /// Takes the units of an order.
    ///
    /// # Errors
    /// If fewer units are on hand.
    pub fn sell(
        &self,
        quantity: Quantity,
        order_id: OrderId,
        now: UtcDateTime,
    ) -> Result<StockChange, StockOutOfBounds> {
        self.moved(MovementKind::Sale, -quantity.get(), Some(order_id.0), None, now)
    }

    /// Returns the units of a cancelled order.
    ///
    /// # Errors
    /// If stock would exceed [`MAX_ON_HAND`].
    pub fn give_back(
        &self,
        quantity: Quantity,
        order_id: OrderId,
        now: UtcDateTime,
    ) -> Result<StockChange, StockOutOfBounds> {
        self.moved(MovementKind::Cancellation, quantity.get(), Some(order_id.0), None, now)
    }

    /// Adjusts the units by hand.
    ///
    /// # Errors
    /// If stock would be below 0 or above [`MAX_ON_HAND`].
    pub fn adjust(
        &self,
        adjustment: Adjustment,
        reason: Reason,
        now: UtcDateTime,
    ) -> Result<StockChange, StockOutOfBounds> {
        self.moved(MovementKind::Adjustment, adjustment.get(), None, Some(reason), now)
    }

    /// The initial movement of a new product; `None` if it has no units.
    pub fn opening(&self) -> Option<Movement> {
        let Self { on_hand, updated_at, .. } = *self;
        (on_hand > 0).then(|| self.movement(MovementKind::Initial, on_hand, None, None, updated_at))
    }

    /// The only place where `on_hand` changes. It stays within its bounds, the version rises by one, and the movement
    /// gets this version as its sequence number.
    pub(crate) fn moved(
        &self,
        kind: MovementKind,
        quantity: i64,
        reference: Option<Uuid>,
        reason: Option<Reason>,
        now: UtcDateTime,
    ) -> Result<StockChange, StockOutOfBounds> {
        let after = self.on_hand.checked_add(quantity).filter(|after| (0..=MAX_ON_HAND).contains(after));
        let on_hand = after.ok_or(StockOutOfBounds { on_hand: self.on_hand })?;
        let stock = Self { on_hand, updated_at: now, version: self.version.next(), ..self.clone() };
        let movement = stock.movement(kind, quantity, reference, reason, now);
        Ok(StockChange { stock, movement })
    }

    /// The movement of `quantity` units that resulted in this stock.
    fn movement(
        &self,
        kind: MovementKind,
        quantity: i64,
        reference: Option<Uuid>,
        reason: Option<Reason>,
        at: UtcDateTime,
    ) -> Movement {
        Movement {
            product_id: self.product_id,
            sequence: self.version.0,
            kind,
            quantity,
            balance: self.on_hand,
            reference,
            reason,
            at,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Version;
    use crate::products::ProductId;
    use crate::restocks::{Restock, RestockId};

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    fn stock(on_hand: i64) -> Stock {
        Stock { version: Version(7), ..Stock::new(ProductId(Uuid::from_u128(1)), on_hand, NOW) }
    }

    fn units(n: i64) -> Quantity {
        Quantity::parse(n).unwrap()
    }

    #[test]
    fn a_sale_takes_units_and_its_movement_says_which_order_took_them_r43_r61() {
        let order = OrderId(Uuid::from_u128(2));
        let StockChange { stock, movement } = stock(5).sell(units(5), order, NOW).unwrap();
        assert_eq!((stock.on_hand, stock.version), (0, Version(8)));
        assert_eq!((movement.kind, movement.quantity, movement.balance), (MovementKind::Sale, -5, 0));
        assert_eq!((movement.sequence, movement.reference), (8, Some(order.0)));
        let short = self::stock(4).sell(units(5), order, NOW).unwrap_err();
        assert_eq!(short, StockOutOfBounds { on_hand: 4 });
    }

    #[test]
    fn stock_never_rises_above_its_bound_r41_r45_r65() {
        let (order, full) = (OrderId(Uuid::from_u128(2)), stock(MAX_ON_HAND));
        let restock = Restock { quantity: 1, ..Restock::due(RestockId(Uuid::from_u128(3)), &full, NOW) };
        let refused = StockOutOfBounds { on_hand: MAX_ON_HAND };
        assert_eq!(full.give_back(units(1), order, NOW).unwrap_err(), refused);
        assert_eq!(full.receive(&restock, NOW).unwrap_err(), refused);
        assert_eq!(stock(MAX_ON_HAND - 1).receive(&restock, NOW).unwrap().stock.on_hand, MAX_ON_HAND);
    }

    #[test]
    fn only_a_new_product_with_units_has_an_initial_movement_r30_r43() {
        let opening = stock(3).opening().unwrap();
        assert_eq!((opening.kind, opening.quantity, opening.balance), (MovementKind::Initial, 3, 3));
        assert_eq!(stock(0).opening(), None);
    }

    #[test]
    fn availability_changes_when_a_product_sells_out_or_comes_back_r43() {
        let order = OrderId(Uuid::from_u128(2));
        let sold = |on_hand, quantity| stock(on_hand).sell(units(quantity), order, NOW).unwrap().changes_availability();
        assert!(sold(2, 2) && !sold(3, 2));
        let back = |on_hand| stock(on_hand).give_back(units(1), order, NOW).unwrap().changes_availability();
        assert!(back(0) && !back(1));
    }

    #[test]
    fn stock_falls_below_its_threshold_once_r165() {
        let order = OrderId(Uuid::from_u128(2));
        let sold = |on_hand| {
            let stock = Stock { restock_threshold: 5, restock_target: 9, ..stock(on_hand) };
            stock.sell(units(1), order, NOW).unwrap().falls_below_threshold()
        };
        assert_eq!([6, 5, 4].map(sold), [false, true, false]);
    }

    proptest! {
        #[test]
        fn units_on_hand_are_the_sum_of_the_movements_and_never_negative_r41_r43(
            steps in prop::collection::vec(-MAX_ON_HAND..=MAX_ON_HAND, 0..20),
        ) {
            let mut now = stock(0);
            let mut sum = 0;
            for adjustment in steps.into_iter().filter_map(|step| Adjustment::parse(step).ok()) {
                let reason = Reason::parse("counted").unwrap();
                match now.adjust(adjustment, reason, NOW) {
                    Ok(change) => {
                        sum += change.movement.quantity;
                        prop_assert_eq!(change.movement.sequence, now.version.0 + 1);
                        now = change.stock;
                    }
                    Err(refused) => prop_assert_eq!(refused.on_hand, now.on_hand),
                }
                prop_assert_eq!(now.on_hand, sum);
                prop_assert!((0..=MAX_ON_HAND).contains(&now.on_hand));
            }
        }
    }
}
