//! The whole numbers of a promotion.

use crate::pricing::{PPM, RatePpm};
use crate::{Invalid, Rule, Ruled};

/// Declares a whole number within bounds.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $min:expr, $max:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The smallest number allowed.
            pub const MIN: i64 = $min;
            /// The largest number allowed.
            pub const MAX: i64 = $max;

            /// Parses a number.
            ///
            /// # Errors
            /// If it is out of bounds.
            pub fn parse(raw: i64) -> Result<Self, Invalid> {
                Invalid::range(raw, Self::MIN, Self::MAX).map_or(Ok(Self(raw)), Err)
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// A stored value, which was parsed before it was stored. It is not checked again.
            pub const fn from_trusted(stored: i64) -> Self {
                Self(stored)
            }
        }

        impl Ruled for $name {
            fn rule() -> Rule {
                Rule::integer(Self::MIN, Self::MAX)
            }
        }
    };
}

number! {
    /// How often something may be used: 1 to 10^9 times.
    UsageLimit, 1, 1_000_000_000
}

number! {
    /// Which of several promotions is taken first: the one with the greater number, from -10^6 to 10^6.
    Priority, -1_000_000, 1_000_000
}

number! {
    /// Units, or groups of them: 1 to 10^6.
    Units, 1, 1_000_000
}

number! {
    /// What is taken off, in parts per million: 1 to 1 000 000, which is all of it.
    PercentOff, 1, PPM
}

impl PercentOff {
    /// The rate, since each of these numbers is one.
    pub const fn rate(self) -> RatePpm {
        RatePpm::from_trusted(self.0)
    }
}

/// Neither before nor after others.
impl Default for Priority {
    fn default() -> Self {
        Self(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn the_numbers_of_a_promotion_have_bounds_r104() {
        let code = |parsed: Result<i64, Invalid>| parsed.map_err(|invalid| invalid.code);
        let limit = |raw| code(UsageLimit::parse(raw).map(UsageLimit::get));
        let percent = |raw| code(PercentOff::parse(raw).map(|off| off.rate().get()));
        let units = |raw| code(Units::parse(raw).map(Units::get));
        let priority = |raw| code(Priority::parse(raw).map(Priority::get));
        for (parsed, most) in
            [(limit(1_000_000_000), 1_000_000_000), (percent(PPM), PPM), (units(1_000_000), 1_000_000)]
        {
            assert_eq!(parsed, Ok(most));
        }
        assert_eq!((limit(1), percent(1), units(1), priority(-1_000_000)), (Ok(1), Ok(1), Ok(1), Ok(-1_000_000)));
        assert_eq!((limit(0), percent(0), units(0)), (Err(Code::TooSmall), Err(Code::TooSmall), Err(Code::TooSmall)));
        assert_eq!(limit(1_000_000_001), Err(Code::TooLarge));
        assert_eq!((percent(PPM + 1), units(1_000_001)), (Err(Code::TooLarge), Err(Code::TooLarge)));
        assert_eq!((priority(-1_000_001), priority(1_000_001)), (Err(Code::TooSmall), Err(Code::TooLarge)));
    }
}
