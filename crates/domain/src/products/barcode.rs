use crate::{Code, Invalid, Rule, Ruled};

/// The number under a barcode, a GTIN of 8, 12, 13 or 14 digits. With zeros before it, it is the same number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Barcode(String);

/// The digits of a GTIN with all its zeros.
const DIGITS: usize = 14;

impl Barcode {
    /// How many digits it may have.
    const LENGTHS: [usize; 4] = [8, 12, 13, DIGITS];

    /// Parses a number with its check digit.
    ///
    /// # Errors
    /// If it has another number of digits, something else than digits, only zeros, or a wrong check digit, in which case
    /// the right one is named.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let is_number = raw.bytes().all(|b| b.is_ascii_digit()) && raw.bytes().any(|b| b != b'0');
        if !is_number || !Self::LENGTHS.contains(&raw.len()) {
            return Err(Invalid::new(Code::Format, "must be a GTIN: 8, 12, 13 or 14 digits, and not only zeros"));
        }
        let (number, check) = raw.split_at(raw.len() - 1);
        let right = check_digit(number);
        if check != right.to_string() {
            let message = format!("ends with a wrong check digit: after {number} it must be {right}");
            return Err(Invalid::new(Code::Format, message));
        }
        Ok(Self(format!("{raw:0>DIGITS$}")))
    }

    /// All 14 digits, as they are stored and compared.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// All digits as they were stored. They are not checked again.
    pub const fn from_trusted(digits: String) -> Self {
        Self(digits)
    }
}

/// The digit that makes the sum of the digits, every other one from the right taken three times, a multiple of ten.
fn check_digit(number: &str) -> u32 {
    let weighted = number.bytes().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    (10 - sum % 10) % 10
}

/// In the shortest form.
impl std::fmt::Display for Barcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let needed = self.0.trim_start_matches('0').len();
        let length = Self::LENGTHS.into_iter().find(|length| *length >= needed).unwrap_or(DIGITS);
        f.write_str(self.0.get(self.0.len().saturating_sub(length)..).unwrap_or(&self.0))
    }
}

impl Ruled for Barcode {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[0-9]{8}([0-9]{4,6})?$", min: 8, max: DIGITS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barcode_has_8_12_13_or_14_digits_and_the_right_check_digit_r209() {
        for good in ["96385074", "036000291452", "4006381333931", "10012345000017", "0000096385074"] {
            assert!(Barcode::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "9638507",
            "963850741",
            "40063813339310",
            "4006381333930",
            "4006381 33931",
            "４００６３８１３３３９３１",
        ] {
            assert_eq!(Barcode::parse(bad).unwrap_err().code, Code::Format, "{bad}");
        }
        assert!(Barcode::parse("00000000").is_err());
        let wrong = Barcode::parse("4006381333937").unwrap_err().message;
        assert_eq!(wrong, "ends with a wrong check digit: after 400638133393 it must be 1");
    }

    #[test]
    fn zeros_before_a_barcode_make_no_difference_and_it_is_shown_in_its_shortest_form_r209() {
        let shown = |raw: &str| Barcode::parse(raw).unwrap().to_string();
        for (raw, short) in [
            ("00000096385074", "96385074"),
            ("0036000291452", "036000291452"),
            ("00036000291452", "036000291452"),
            ("04006381333931", "4006381333931"),
            ("10012345000017", "10012345000017"),
        ] {
            assert_eq!(shown(raw), short);
            assert_eq!(Barcode::parse(raw), Barcode::parse(short));
            assert_eq!(Barcode::parse(raw).unwrap().digits().len(), 14);
        }
    }
}
