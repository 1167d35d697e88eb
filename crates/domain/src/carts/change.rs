use crate::{Invalid, Quantity, Rule, Ruled};

/// What becomes of a line of a cart: 0 to 999 units, where 0 takes the line away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// The line has so many units from now on, whatever it had.
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
            _ => Invalid::range(raw, 0, Quantity::MAX).map_or(Ok(Self::Set(Quantity::from_trusted(raw))), Err),
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
    fn a_line_is_set_to_1_to_999_units_and_taken_away_by_0_r52() {
        assert_eq!(LineChange::parse(0), Ok(LineChange::Remove));
        for good in [1, 999] {
            assert_eq!(LineChange::parse(good), Ok(LineChange::Set(Quantity::from_trusted(good))));
        }
        for bad in [-1, 1000, i64::MAX, i64::MIN] {
            assert!(LineChange::parse(bad).is_err(), "{bad}");
        }
    }
}
