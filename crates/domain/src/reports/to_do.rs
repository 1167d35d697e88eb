use crate::Money;

/// What waits to be done in the shop. Each kind is counted up to a limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToDo {
    /// The orders that may be shipped.
    pub orders_to_ship: u64,
    /// The orders of which nothing is paid, and what they owe.
    pub orders_unpaid: Outstanding,
    /// The payments with a finding.
    pub payments_with_finding: u64,
    /// The payments of which somebody has to pay money back by hand, and how much.
    pub refunds_to_pay: Outstanding,
    /// The products below their reorder point.
    pub products_low: u64,
    /// The restocks that were not received or cancelled yet.
    pub restocks_open: u64,
}

/// How many wait for money, and for how much.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outstanding {
    /// How many they are.
    pub count: u64,
    /// Their sum in each currency, in order of its code.
    pub sums: Vec<Money>,
}

impl ToDo {
    /// The most that is counted of a kind.
    pub const MOST: u64 = 1_000;
}
