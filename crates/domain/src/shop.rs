//! Settings of the whole shop.

use crate::{Code, Currency, Invalid, Money, Price};

/// The settings of the shop that the rules need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shop {
    /// The one currency of every price and order.
    pub currency: Currency,
    /// Working days between an order and its expected delivery.
    pub lead_time_days: u16,
}

impl Shop {
    /// Parses a price in minor units of `currency`, which must be the shop's.
    ///
    /// # Errors
    /// If the currency is another one, or the amount is not a [`Price`].
    pub fn price(&self, amount: i64, currency: &str) -> Result<Price, Invalid> {
        if currency != self.currency.code() {
            return Err(Invalid::new(Code::Currency, format!("must be in {}", self.currency.code())));
        }
        Price::parse(amount)
    }

    /// The price in the currency of the shop.
    pub const fn money(&self, price: Price) -> Money {
        Money { amount: price.amount(), currency: self.currency }
    }
}
