use crate::{Invalid, Rule, Ruled};

/// The most units of one product that can be on hand.
pub const MAX_ON_HAND: i64 = 1_000_000_000;

/// The stock of a new product: 0 to [`MAX_ON_HAND`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InitialStock(i64);

impl InitialStock {
    /// Parses a number of units.
    ///
    /// # Errors
    /// If it is negative or above [`MAX_ON_HAND`].
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        Invalid::range(raw, 0, MAX_ON_HAND).map_or(Ok(Self(raw)), Err)
    }

    /// The units.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// The units of an adjustment: -[`MAX_ON_HAND`] to [`MAX_ON_HAND`], and not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adjustment(i64);

impl Adjustment {
    /// Parses a number of units.
    ///
    /// # Errors
    /// If it is 0 or out of range.
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        if raw == 0 {
            return Err(Invalid::new(crate::Code::NotAllowed, "must not be 0"));
        }
        Invalid::range(raw, -MAX_ON_HAND, MAX_ON_HAND).map_or(Ok(Self(raw)), Err)
    }

    /// Units added; negative if taken.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Ruled for InitialStock {
    fn rule() -> Rule {
        Rule::integer(0, MAX_ON_HAND)
    }
}

impl Ruled for Adjustment {
    fn rule() -> Rule {
        Rule::Integer { min: -MAX_ON_HAND, max: MAX_ON_HAND, except: Some(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adjustment_is_never_0_and_stays_within_its_bounds_r41() {
        for good in [1, -1, MAX_ON_HAND, -MAX_ON_HAND] {
            assert_eq!(Adjustment::parse(good).unwrap().get(), good);
        }
        for bad in [0, MAX_ON_HAND + 1, -MAX_ON_HAND - 1, i64::MAX, i64::MIN] {
            assert!(Adjustment::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_initial_stock_is_not_negative_r30() {
        assert!(InitialStock::parse(0).is_ok() && InitialStock::parse(MAX_ON_HAND).is_ok());
        assert!(InitialStock::parse(-1).is_err() && InitialStock::parse(MAX_ON_HAND + 1).is_err());
    }
}
