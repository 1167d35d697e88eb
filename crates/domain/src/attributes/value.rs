use super::AttributeType;
use crate::{Code, Date, Invalid};

crate::text::text! {
    /// The value of an attribute of the type `text`: 1 to 500 characters.
    AttributeText, 1, 500, Many
}

/// A number with up to 6 digits after the point, kept as millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

impl Decimal {
    /// The largest number of either sign.
    pub const MAX: i64 = 1_000_000_000_000;
    const DIGITS: usize = 6;
    const ONE: i64 = 1_000_000;

    /// Parses a number such as `-0.35`.
    ///
    /// # Errors
    /// If it is no number, too large, or has more than 6 digits after the point.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let malformed =
            || Invalid::new(Code::Format, "must be a number such as 0.35, with up to 6 digits after the point");
        let unsigned = raw.strip_prefix('-').unwrap_or(raw);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let are_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !are_digits(whole) || !are_digits(fraction) || fraction.len() > Self::DIGITS {
            return Err(malformed());
        }
        let most = || format!("must be from -{} to {}", Self::MAX, Self::MAX);
        let code = if raw.starts_with('-') { Code::TooSmall } else { Code::TooLarge };
        let too_large = || Invalid::new(code, most());
        let whole: i64 = whole.parse().map_err(|_| too_large())?;
        let padded: i64 = format!("{fraction:0<6}").parse().map_err(|_| malformed())?;
        if whole > Self::MAX || whole == Self::MAX && padded > 0 {
            return Err(too_large());
        }
        let millionths = whole * Self::ONE + padded;
        Ok(Self(if raw.starts_with('-') { -millionths } else { millionths }))
    }

    /// The number in millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub const fn from_trusted(millionths: i64) -> Self {
        Self(millionths)
    }
}

impl std::fmt::Display for Decimal {
    /// Without zeros at the end: `0.35`, `12`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, one) = (if self.0 < 0 { "-" } else { "" }, Self::ONE.unsigned_abs());
        write!(f, "{sign}{}", self.0.unsigned_abs() / one)?;
        let fraction = format!("{:06}", self.0.unsigned_abs() % one);
        match fraction.trim_end_matches('0') {
            "" => Ok(()),
            digits => write!(f, ".{digits}"),
        }
    }
}

/// A value of an attribute that is no choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// 1 to 500 characters, of one line or several.
    Text(AttributeText),
    /// A whole number.
    Integer(i64),
    /// A number with digits after the point.
    Decimal(Decimal),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Date),
}

/// The largest whole number of either sign that every program reads exactly.
const MOST: i64 = 1 << 53;

impl Scalar {
    /// Parses a whole number.
    ///
    /// # Errors
    /// If it is none, or beyond 2^53 of either sign.
    pub fn integer(raw: &str) -> Result<Self, Invalid> {
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Invalid::new(Code::Format, "must be a whole number"));
        }
        let beyond = if raw.starts_with('-') { i64::MIN } else { i64::MAX };
        let number = raw.parse().unwrap_or(beyond);
        Invalid::range(number, -MOST, MOST).map_or(Ok(Self::Integer(number)), Err)
    }

    /// Parses a day such as `2026-11-27`.
    ///
    /// # Errors
    /// If there is no such day.
    pub fn date(raw: &str) -> Result<Self, Invalid> {
        let parts: Vec<_> = raw.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(no_day()) };
        let is_plain = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        if !is_plain(year, 4) || !is_plain(month, 2) || !is_plain(day, 2) {
            return Err(no_day());
        }
        let month = month.parse().ok().and_then(|number: u8| time::Month::try_from(number).ok()).ok_or_else(no_day)?;
        let (year, day) = (year.parse().map_err(|_| no_day())?, day.parse().map_err(|_| no_day())?);
        Date::from_calendar_date(year, month, day).map(Self::Date).map_err(|_| no_day())
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The number by which values are compared, if it is no text: a decimal in millionths, a date as a Julian day, false
    /// as 0 and true as 1.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Text(_) => None,
            Self::Integer(number) => Some(*number),
            Self::Decimal(number) => Some(number.millionths()),
            Self::Boolean(value) => Some(i64::from(*value)),
            Self::Date(day) => Some(day.to_julian_day().into()),
        }
    }

    /// A stored value of an attribute of this type; `None` if it is broken.
    pub fn from_trusted(kind: AttributeType, text: Option<String>, number: Option<i64>) -> Option<Self> {
        Some(match kind {
            AttributeType::Choice => return None,
            AttributeType::Text => Self::Text(AttributeText::from_trusted(text?)),
            AttributeType::Integer => Self::Integer(number?),
            AttributeType::Decimal => Self::Decimal(Decimal::from_trusted(number?)),
            AttributeType::Boolean => Self::Boolean(number? != 0),
            AttributeType::Date => Self::Date(Date::from_julian_day(i32::try_from(number?).ok()?).ok()?),
        })
    }
}

fn no_day() -> Invalid {
    Invalid::new(Code::Format, "must be a day such as 2026-01-31")
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(number) => number.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Date(day) => day.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_kept_as_millionths_and_shown_without_zeros_at_the_end_r200() {
        for (raw, millionths, shown) in [
            ("0.35", 350_000, "0.35"),
            ("-12.500000", -12_500_000, "-12.5"),
            ("7", 7_000_000, "7"),
            ("-0.000001", -1, "-0.000001"),
            ("007.0", 7_000_000, "7"),
            ("1000000000000", 1_000_000_000_000_000_000, "1000000000000"),
        ] {
            let number = Decimal::parse(raw).unwrap();
            assert_eq!((number.millionths(), number.to_string().as_str()), (millionths, shown), "{raw}");
        }
        let code = |raw: &str| Decimal::parse(raw).unwrap_err().code;
        for bad in ["", "-", ".5", "5.", "1,5", "1.1234567", "1e3", "+1", " 1", "1.-5", "--1"] {
            assert_eq!(code(bad), Code::Format, "{bad:?}");
        }
        assert_eq!(code("1000000000000.000001"), Code::TooLarge);
        assert_eq!(code("-99999999999999999999"), Code::TooSmall);
    }

    #[test]
    fn a_whole_number_has_up_to_2_to_the_53_of_either_sign_r200() {
        assert_eq!(Scalar::integer("-9007199254740992").unwrap(), Scalar::Integer(-MOST));
        let code = |raw: &str| Scalar::integer(raw).unwrap_err().code;
        assert_eq!((code("9007199254740993"), code("-99999999999999999999")), (Code::TooLarge, Code::TooSmall));
        for bad in ["", "-", "1.5", "x", "+1", "1 "] {
            assert_eq!(code(bad), Code::Format, "{bad:?}");
        }
    }

    #[test]
    fn a_day_is_written_year_month_day_and_days_compare_as_numbers_r200() {
        let day = |raw: &str| Scalar::date(raw).unwrap().number().unwrap();
        assert_eq!(day("2026-03-01") - day("2026-02-28"), 1);
        assert_eq!(Scalar::date("2026-11-27").unwrap().to_string(), "2026-11-27");
        for bad in ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01-", "", "+026-01-01"] {
            assert_eq!(Scalar::date(bad).unwrap_err().code, Code::Format, "{bad:?}");
        }
    }

    #[test]
    fn a_value_is_the_same_after_it_was_stored_r200() {
        for (kind, value) in [
            (AttributeType::Text, Scalar::Text(AttributeText::parse("cotton").unwrap())),
            (AttributeType::Integer, Scalar::Integer(-7)),
            (AttributeType::Decimal, Scalar::Decimal(Decimal::parse("-0.35").unwrap())),
            (AttributeType::Boolean, Scalar::Boolean(true)),
            (AttributeType::Date, Scalar::date("1999-12-31").unwrap()),
        ] {
            let stored = Scalar::from_trusted(kind, value.text().map(ToOwned::to_owned), value.number());
            assert_eq!(stored, Some(value));
            assert_eq!(Scalar::from_trusted(kind, None, None), None);
        }
    }
}
