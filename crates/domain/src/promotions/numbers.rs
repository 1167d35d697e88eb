//! The whole numbers of a promotion.

use crate::pricing::{PPM, RatePpm};

crate::number::number! {
    /// How often something may be used: 1 to 10^9 times.
    UsageLimit, 1, 1_000_000_000
}

crate::number::number! {
    /// Which of several promotions is taken first: the one with the greater number, from -10^6 to 10^6.
    Priority, -1_000_000, 1_000_000
}

crate::number::number! {
    /// Units, or groups of them: 1 to 10^6.
    Units, 1, 1_000_000
}

crate::number::number! {
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
    use crate::{Code, Invalid};

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
