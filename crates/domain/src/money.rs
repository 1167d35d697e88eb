//! Money in whole minor units of a currency.

use std::fmt;

use crate::{Code, Invalid, Rule, Ruled};

/// A currency of ISO 4217, such as the euro. Its code has 3 letters: `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Parses an ISO 4217 alphabetic code such as `USD`.
    ///
    /// # Errors
    /// If ISO 4217 assigns no such code.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        iso_currency::Currency::from_code(raw)
            .map(Self)
            .ok_or_else(|| Invalid::new(Code::NotAllowed, "must be an ISO 4217 currency code such as USD"))
    }

    /// 3 capital letters, such as `USD`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The decimal places of its amounts: 2 for USD, 0 for JPY. `None` if it has no minor unit, such as gold.
    pub fn places(self) -> Option<usize> {
        self.0.exponent().map(usize::from)
    }
}

/// Three capital letters. The one currency that a shop accepts is a setting.
impl Ruled for Currency {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[A-Z]{3}$", min: 3, max: 3 }
    }
}

/// US dollars, the default of the setting `shop.currency`.
impl Default for Currency {
    fn default() -> Self {
        Self(iso_currency::Currency::USD)
    }
}

/// The result does not fit into 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sum is too large")]
pub struct Overflow;

/// An amount in the minor unit of its currency (cents for USD, yen for JPY).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units.
    pub amount: i64,
    /// The currency whose minor units the amount counts.
    pub currency: Currency,
}

/// An amount as people read it: `19.99 USD`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.currency.places().unwrap_or_default();
        let digits = format!("{:0>width$}", self.amount.unsigned_abs(), width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        let (sign, point) = (if self.amount < 0 { "-" } else { "" }, if places > 0 { "." } else { "" });
        write!(f, "{sign}{whole}{point}{part} {}", self.currency.code())
    }
}

impl Money {
    /// Zero in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount: 0, currency }
    }

    /// This amount multiplied by `times`.
    ///
    /// # Errors
    /// [`Overflow`] if the product does not fit.
    pub fn times(self, times: i64) -> Result<Self, Overflow> {
        let amount = self.amount.checked_mul(times).ok_or(Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// The sum of `amounts`, which must all be in `currency`.
    ///
    /// # Errors
    /// [`Overflow`] if the sum does not fit.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        let amount = amounts.into_iter().try_fold(0_i64, |sum, money| sum.checked_add(money.amount)).ok_or(Overflow)?;
        Ok(Self { amount, currency })
    }
}

/// The price of a product: 0 to [`Price::MAX`] minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(i64);

impl Price {
    /// The highest price, in minor units.
    pub const MAX: i64 = 1_000_000_000_000;

    /// Parses an amount of minor units.
    ///
    /// # Errors
    /// If it is negative or above [`Price::MAX`].
    pub fn parse(amount: i64) -> Result<Self, Invalid> {
        Invalid::range(amount, 0, Self::MAX).map_or(Ok(Self(amount)), Err)
    }

    /// The amount in minor units.
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub const fn from_trusted(amount: i64) -> Self {
        Self(amount)
    }
}

impl Ruled for Price {
    fn rule() -> Rule {
        Rule::integer(0, Self::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_reads_as_people_write_it_r153() {
        let text = |amount, code| Money { amount, currency: Currency::parse(code).unwrap() }.to_string();
        assert_eq!(text(1999, "USD"), "19.99 USD");
        assert_eq!(text(5, "USD"), "0.05 USD");
        assert_eq!(text(-1250, "EUR"), "-12.50 EUR");
        assert_eq!(text(1980, "JPY"), "1980 JPY");
        assert_eq!(text(4333, "KWD"), "4.333 KWD");
    }

    fn usd(amount: i64) -> Money {
        Money { amount, currency: Currency::parse("USD").unwrap() }
    }

    #[test]
    fn a_price_is_0_to_10_to_the_12_minor_units_r35() {
        assert!(Price::parse(0).is_ok() && Price::parse(Price::MAX).is_ok());
        assert_eq!(Price::parse(-1).unwrap_err().code, Code::TooSmall);
        assert_eq!(Price::parse(Price::MAX + 1).unwrap_err().code, Code::TooLarge);
    }

    #[test]
    fn a_currency_is_an_iso_4217_code_in_capitals() {
        assert_eq!(Currency::parse("EUR").unwrap().code(), "EUR");
        for bad in ["", "usd", "US", "ZZZ", "USDX"] {
            assert!(Currency::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_multiplied_amount_is_exact_or_an_overflow(amount: i64, times: i64) {
            let exact = i128::from(amount) * i128::from(times);
            match usd(amount).times(times) {
                Ok(money) => prop_assert_eq!(i128::from(money.amount), exact),
                Err(Overflow) => prop_assert!(i64::try_from(exact).is_err()),
            }
        }

        #[test]
        fn a_sum_of_amounts_of_one_sign_is_exact_or_an_overflow(amounts in prop::collection::vec(0..=i64::MAX, 0..5)) {
            let exact: i128 = amounts.iter().copied().map(i128::from).sum();
            match Money::sum(usd(0).currency, amounts.into_iter().map(usd)) {
                Ok(money) => prop_assert_eq!(i128::from(money.amount), exact),
                Err(Overflow) => prop_assert!(i64::try_from(exact).is_err()),
            }
        }
    }
}
