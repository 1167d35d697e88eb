use crate::{Invalid, Rule, Ruled};

crate::number::number! {
    /// Units of one product in a cart or an order: 1 to 999.
    Quantity, 1, 999
}

impl Quantity {
    /// The sum of two quantities; `None` if it exceeds [`Quantity::MAX`].
    #[must_use]
    pub fn plus(self, more: Self) -> Option<Self> {
        Self::parse(self.0.saturating_add(more.0)).ok()
    }
}

/// What becomes of a line of a cart: 0 to 999 units, where 0 takes the line away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// The line has this quantity.
    Set(Quantity),
    /// The line is taken away.
    Remove,
}

impl LineChange {
    /// Parses a number of units.
    ///
    /// # Errors
    /// If it is not 0 to 999.
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        match raw {
            0 => Ok(Self::Remove),
            _ => Invalid::range(raw, 0, Quantity::MAX).map_or(Ok(Self::Set(Quantity(raw))), Err),
        }
    }
}

impl Ruled for LineChange {
    fn rule() -> Rule {
        Rule::integer(0, Quantity::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_1_to_999_and_so_is_a_sum_r51() {
        let quantity = |n| Quantity::parse(n).unwrap();
        for bad in [0, -1, 1000, i64::MAX, i64::MIN] {
            assert!(Quantity::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(quantity(998).plus(quantity(1)), Some(quantity(999)));
        assert_eq!(quantity(999).plus(quantity(1)), None);
    }

    #[test]
    fn a_line_is_set_to_1_to_999_units_and_taken_away_by_0_r52() {
        assert_eq!(LineChange::parse(0), Ok(LineChange::Remove));
        for good in [1, 999] {
            assert_eq!(LineChange::parse(good), Ok(LineChange::Set(Quantity(good))));
        }
        for bad in [-1, 1000, i64::MAX, i64::MIN] {
            assert!(LineChange::parse(bad).is_err(), "{bad}");
        }
    }
}
