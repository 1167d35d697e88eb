use crate::orders::{Order, OrderLine};
use crate::pricing::LineAmounts;
use crate::{Money, Overflow};

/// What orders count for. Amounts are in minor units of the shop's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many orders.
    pub orders: i64,
    /// The units of their lines.
    pub units: i64,
    /// What the lines cost before anything is added or taken off: the `subtotal` of the orders.
    pub gross: i64,
    /// What promotions take off the lines. What they take off shipping is not in `gross`, and not in here.
    pub discounts: i64,
}

/// What orders count for in a group of sales. An order counts in each group that has a line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTally {
    /// What names the group; empty for what belongs to none.
    pub key: String,
    /// How people call it.
    pub name: String,
    /// Units, gross amount and discounts.
    pub tally: Tally,
}

impl Tally {
    /// What an order counts for.
    ///
    /// # Errors
    /// [`Overflow`] if its lines do not add up to 64 bits.
    pub fn of(order: &Order) -> Result<Self, Overflow> {
        let gross = Money::sum(order.total.currency, order.lines.iter().map(|line| line.line_total))?.amount;
        Ok(Self {
            orders: 1,
            units: order.lines.iter().map(|line| line.quantity.get()).sum(),
            gross,
            discounts: order.line_amounts().map(|(_, amounts)| amounts.discount).sum(),
        })
    }

    /// What a line of an order counts for.
    pub const fn of_line(line: &OrderLine, amounts: LineAmounts) -> Self {
        let gross = line.line_total.amount;
        Self { orders: 1, units: line.quantity.get(), gross, discounts: amounts.discount }
    }

    /// The sum of both.
    ///
    /// # Errors
    /// [`Overflow`] if it does not fit.
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        let sum = |a: i64, b: i64| a.checked_add(b).ok_or(Overflow);
        Ok(Self {
            orders: sum(self.orders, other.orders)?,
            units: sum(self.units, other.units)?,
            gross: sum(self.gross, other.gross)?,
            discounts: sum(self.discounts, other.discounts)?,
        })
    }
}
