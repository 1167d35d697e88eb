use crate::{Code, Invalid, Price, Rule, Ruled};

/// An amount that moves: 1 to [`Price::MAX`] minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(i64);

impl Amount {
    /// Parses an amount in minor units.
    ///
    /// # Errors
    /// If it is less than 1 or more than a price can be.
    pub fn parse(amount: i64) -> Result<Self, Invalid> {
        if amount < 1 {
            return Err(Invalid::new(Code::TooSmall, format!("must be a whole number from 1 to {}", Price::MAX)));
        }
        Price::parse(amount).map(|price| Self(price.amount()))
    }

    /// Minor units.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Ruled for Amount {
    fn rule() -> Rule {
        Rule::integer(1, Price::MAX)
    }
}
