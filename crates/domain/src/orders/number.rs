use std::fmt;

use super::OrderId;
use crate::{Code, Invalid, Rule, Ruled};

/// The number by which people name an order, as in `77GT-JQ9F-Q`: eight characters of Crockford's base 32, which stand
/// for 40 random bits, and one that checks them. It tells nothing of how many orders there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderNumber(u64);

/// How many bits a digit stands for.
const BITS_OF_A_DIGIT: usize = 5;
/// How many digits stand for the bits. One more follows, which checks them.
const DATA: usize = 8;
/// The digits, by value. There is no `I`, `L` and `O`, which look like others, and no `U`.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl OrderNumber {
    /// The form that is accepted, as a regular expression.
    pub const PATTERN: &str = "^[ -]*([0-9A-TV-Za-tv-z][ -]*){9}$";
    /// The fewest characters: those of a number without dashes.
    pub const MIN: usize = DATA + 1;
    /// The most characters, with dashes and blanks.
    pub const MAX: usize = 32;

    /// The number for an order with this id: its last 40 bits.
    ///
    /// The ids that the application makes end in 32 random bits. Before them comes a counter, which begins with random
    /// bits in each millisecond and counts the ids that a server makes in it: its last 8 bits are the other ones. Two
    /// orders may get the same number, so the store must refuse the second one.
    pub fn of(id: OrderId) -> Self {
        let (_, end) = id.0.as_u64_pair();
        Self::from_bits(end)
    }

    const fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << (DATA * BITS_OF_A_DIGIT)) - 1))
    }

    /// Parses a number as people type it: in capitals or not, with O for 0, with I or L for 1, and with dashes and blanks
    /// anywhere.
    ///
    /// # Errors
    /// If it has other characters or more or fewer of them, or if the last one does not fit the others.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let digits: Option<Vec<_>> = raw.bytes().filter(|byte| !matches!(byte, b'-' | b' ')).map(digit).collect();
        let digits = digits.filter(|digits| digits.len() == DATA + 1 && raw.len() <= Self::MAX).ok_or_else(|| {
            let why = "must be an order number such as 77GT-JQ9F-Q: nine digits and letters, but no U";
            Invalid::new(Code::Format, why)
        })?;
        let (data, check) = digits.split_at(DATA);
        let number = Self(data.iter().fold(0, |bits, digit| bits << BITS_OF_A_DIGIT | digit));
        if check != [number.check()] {
            return Err(Invalid::new(
                Code::NotAllowed,
                "must be an order number without a typing mistake: its last character, which checks the others, does \
                 not fit them",
            ));
        }
        Ok(number)
    }

    /// The check digit: the sum of all digits, each multiplied by an odd factor, modulo 32. It detects any single wrong
    /// digit.
    fn check(self) -> u64 {
        let weighted = (1..).step_by(2).zip(self.digits()).map(|(factor, digit): (u64, u64)| factor * digit);
        weighted.sum::<u64>() % 32
    }

    /// The values of its digits, the first one first.
    fn digits(self) -> impl Iterator<Item = u64> {
        (0..DATA).rev().map(move |place| self.0 >> (place * BITS_OF_A_DIGIT) & 31)
    }
}

/// The value of a digit as people type it.
fn digit(typed: u8) -> Option<u64> {
    let meant = match typed.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    DIGITS.iter().position(|digit| *digit == meant).and_then(|value| u64::try_from(value).ok())
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.digits().chain([self.check()]).enumerate() {
            if place > 0 && place.is_multiple_of(4) {
                f.write_str("-")?;
            }
            let digit = usize::try_from(digit).ok().and_then(|value| DIGITS.get(value)).ok_or(fmt::Error)?;
            write!(f, "{}", char::from(*digit))?;
        }
        Ok(())
    }
}

impl Ruled for OrderNumber {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: Self::MIN, max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Uuid;

    /// The number of the worked example O1.
    const EXAMPLE: OrderNumber = OrderNumber(0x39_E1A9_5D2F);

    fn parsed(raw: &str) -> Option<OrderNumber> {
        OrderNumber::parse(raw).ok()
    }

    #[test]
    fn o1_an_order_number_has_eight_characters_of_40_bits_and_one_that_checks_them_r130() {
        assert_eq!(EXAMPLE.to_string(), "77GT-JQ9F-Q");
        assert_eq!(OrderNumber(0).to_string(), "0000-0000-0");
        assert_eq!(OrderNumber((1 << 40) - 1).to_string().get(..9), Some("ZZZZ-ZZZZ"));
        let id = OrderId(Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b339_e1a9_5d2f));
        assert_eq!(OrderNumber::of(id), EXAMPLE, "the last 40 bits of the id");
    }

    #[test]
    fn o1_a_number_is_read_however_it_is_typed_r130() {
        for typed in ["77GT-JQ9F-Q", "77gtjq9fq", " 77gt jq9f q ", "7-7-G-T-J-Q-9-F-Q", "--77GTJQ9FQ"] {
            assert_eq!(parsed(typed), Some(EXAMPLE), "{typed}");
        }
        let alike = OrderNumber::parse(&OrderNumber(1 << 5).to_string()).unwrap();
        assert_eq!(alike.to_string(), "0000-0010-D");
        for typed in ["OooO-oo1o-d", "0000-00I0-D", "0000-00i0-D", "0000-00L0-D", "0000-00l0-D"] {
            assert_eq!(parsed(typed), Some(alike), "{typed}");
        }
    }

    #[test]
    fn an_order_number_with_a_typing_mistake_is_refused_with_the_reason_r130() {
        let long = format!("77GT-JQ9F-Q{}", " ".repeat(OrderNumber::MAX));
        for bad in ["", "77GT-JQ9F", "77GT-JQ9F-QQ", "77GT_JQ9F_Q", "77GU-JQ9F-Q", "77GT-JQ9F-\u{ff31}", &long] {
            let refused = OrderNumber::parse(bad).unwrap_err();
            assert_eq!(refused.code, Code::Format, "{bad:?}");
            assert!(refused.message.contains("such as 77GT-JQ9F-Q"), "{bad:?}");
        }
        let refused = OrderNumber::parse("77GT-JQ9F-R").unwrap_err();
        assert_eq!(refused.code, Code::NotAllowed);
        assert!(refused.message.contains("last character"), "{refused}");
    }

    /// The places of the nine characters in the text.
    fn places() -> impl Iterator<Item = usize> {
        (0..11).filter(|place| !matches!(place, 4 | 9))
    }

    proptest! {
        #[test]
        fn every_number_is_read_as_it_was_written_r130(bits in any::<u64>()) {
            let number = OrderNumber::from_bits(bits);
            prop_assert_eq!(parsed(&number.to_string()), Some(number));
            prop_assert_eq!(parsed(&number.to_string().to_lowercase().replace('0', "o")), Some(number));
        }

        #[test]
        fn every_single_wrong_character_is_found_r130(bits in any::<u64>()) {
            let right = OrderNumber::from_bits(bits).to_string();
            for place in places() {
                for digit in DIGITS.iter().map(|digit| char::from(*digit)) {
                    let mut typed = right.clone();
                    typed.replace_range(place..=place, digit.encode_utf8(&mut [0; 4]));
                    prop_assert_eq!(parsed(&typed).is_some(), typed == right, "{} for {}", typed, right);
                }
            }
        }

        #[test]
        fn two_swapped_neighbours_are_found_unless_their_values_differ_by_16_r130(bits in any::<u64>()) {
            let right: Vec<_> = OrderNumber::from_bits(bits).to_string().bytes().filter(|one| *one != b'-').collect();
            for place in 0..DATA - 1 {
                let mut typed = right.clone();
                typed.swap(place, place + 1);
                let values = (digit(right[place]).unwrap(), digit(right[place + 1]).unwrap());
                let is_missed = values.0.abs_diff(values.1).is_multiple_of(16);
                let text = String::from_utf8(typed).unwrap();
                prop_assert_eq!(parsed(&text).is_some(), is_missed, "{}", text);
            }
        }
    }
}
