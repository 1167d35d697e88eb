use crate::{Code, Invalid, Price, Rule, Ruled};

/// A percentage by which a price changes: −99 to 900.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentChange(i64);

impl PercentChange {
    /// The lowest percentage.
    pub const MIN: i64 = -99;
    /// The highest percentage.
    pub const MAX: i64 = 900;

    /// Parses a percentage.
    ///
    /// # Errors
    /// If it is out of range.
    pub fn parse(percent: i64) -> Result<Self, Invalid> {
        Invalid::range(percent, Self::MIN, Self::MAX).map_or(Ok(Self(percent)), Err)
    }
}

impl Ruled for PercentChange {
    fn rule() -> Rule {
        Rule::integer(Self::MIN, Self::MAX)
    }
}

/// An amount that is added to a price, in minor units. A negative one is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addition(i64);

impl Addition {
    /// Parses an amount.
    ///
    /// # Errors
    /// If no price could change by so much.
    pub fn parse(amount: i64) -> Result<Self, Invalid> {
        Invalid::range(amount, -Price::MAX, Price::MAX).map_or(Ok(Self(amount)), Err)
    }
}

impl Ruled for Addition {
    fn rule() -> Rule {
        Rule::integer(-Price::MAX, Price::MAX)
    }
}

/// How a price changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repricing {
    /// To this price, whatever it was.
    To(Price),
    /// By a percentage of itself, rounded half up to the minor unit.
    Percent(PercentChange),
    /// By an amount.
    Add(Addition),
}

impl Repricing {
    /// The new price.
    ///
    /// # Errors
    /// If it is no price: negative, or too high.
    pub fn applied(self, before: Price) -> Result<Price, Invalid> {
        let before = i128::from(before.amount());
        let after = match self {
            Self::To(price) => return Ok(price),
            // The half is a positive one: neither factor is below 0.
            Self::Percent(PercentChange(percent)) => (before * (100 + i128::from(percent)) + 50).div_euclid(100),
            Self::Add(Addition(amount)) => before + i128::from(amount),
        };
        let after = i64::try_from(after).ok().and_then(|after| Price::parse(after).ok());
        after.ok_or_else(|| {
            let code =
                if matches!(self, Self::Add(Addition(amount)) if amount < 0) { Code::TooSmall } else { Code::TooLarge };
            Invalid::new(code, format!("must leave a price between 0 and {}", Price::MAX))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(amount: i64) -> Price {
        Price::parse(amount).unwrap()
    }

    fn percent(before: i64, percent: i64) -> i64 {
        Repricing::Percent(PercentChange::parse(percent).unwrap()).applied(price(before)).unwrap().amount()
    }

    #[test]
    fn a_percentage_is_rounded_half_up_to_the_minor_unit_r232() {
        assert_eq!(percent(1999, -10), 1799, "1799.1");
        assert_eq!(percent(1995, -10), 1796, "1795.5");
        assert_eq!(percent(1994, -10), 1795, "1794.6");
        assert_eq!(percent(50, 1), 51, "50.5");
        assert_eq!(percent(49, 1), 49, "49.49");
        assert_eq!((percent(0, 900), percent(1, -99), percent(100, 900)), (0, 0, 1000));
    }

    #[test]
    fn a_change_that_leaves_no_price_is_refused_r232() {
        let add = |amount| Repricing::Add(Addition::parse(amount).unwrap());
        assert_eq!(add(-100).applied(price(100)).unwrap(), price(0));
        assert_eq!(add(-101).applied(price(100)).unwrap_err().code, Code::TooSmall);
        assert_eq!(add(1).applied(price(Price::MAX)).unwrap_err().code, Code::TooLarge);
        let more = Repricing::Percent(PercentChange::parse(1).unwrap());
        assert_eq!(more.applied(price(Price::MAX)).unwrap_err().code, Code::TooLarge);
        for out in [-100, 901] {
            assert!(PercentChange::parse(out).is_err(), "{out}");
        }
    }

    proptest! {
        #[test]
        fn a_percentage_is_off_by_half_a_unit_at_most_r232(before in 0..=Price::MAX / 10, by in -99_i64..=900) {
            let exact = i128::from(before) * i128::from(100 + by);
            let off = i128::from(percent(before, by)) * 100 - exact;
            prop_assert!((-49..=50).contains(&off), "{off} hundredths");
        }
    }
}
