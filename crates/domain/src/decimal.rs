//! Amounts of money as people and other programs write them.

use crate::{Code, Currency, Invalid};

crate::word::words! {
    /// The sign before the decimal places of a number.
    DecimalMark {
        /// As in `1,999.00`.
        Point = "point",
        /// As in `1.999,00`.
        Comma = "comma",
    }
}

impl DecimalMark {
    const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    /// Whether groups of three digits may be separated by this character: the other one of point and comma, a space
    /// that may or may not break the line, or an apostrophe.
    fn groups_by(self, sign: char) -> bool {
        sign == Self::sign(if self == Self::Point { Self::Comma } else { Self::Point })
            || matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}')
    }
}

/// Parses a whole number in digits alone, such as the `1999` minor units of 19.99 USD.
///
/// # Errors
/// If it has any other form, such as `1999.00`, `1e3` or `0100`, or does not fit into 64 bits.
pub fn plain_integer(raw: &str) -> Result<i64, Invalid> {
    let raw = raw.trim();
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let plain = is_digits(digits) && (digits == "0" || !digits.starts_with('0'));
    if !plain {
        return Err(Invalid::new(Code::Format, "must be a whole number in digits alone"));
    }
    raw.parse().map_err(|_| out_of_range(raw.starts_with('-')))
}

/// Parses an amount with decimal places, such as `19.99`, and returns its minor units, exactly. The places that are
/// missing are zeros; places beyond those of the currency must be zeros. Groups of three digits may be separated.
///
/// # Errors
/// If it is not of this form, is more exact than the currency, or does not fit into 64 bits.
pub fn minor_units(raw: &str, mark: DecimalMark, currency: Currency) -> Result<i64, Invalid> {
    let places = currency.places().ok_or_else(|| {
        Invalid::new(Code::Currency, format!("cannot have decimals, since {} has no minor unit", currency.code()))
    })?;
    let raw = raw.trim();
    let amount = raw.strip_prefix('-').unwrap_or(raw);
    let (whole, decimals) = amount.split_once(mark.sign()).map_or((amount, None), |(whole, rest)| (whole, Some(rest)));
    let whole = ungrouped(whole, mark).filter(|_| decimals.is_none_or(is_digits)).ok_or_else(|| malformed(mark))?;
    let decimals = decimals.unwrap_or_default();
    let (kept, beyond) = decimals.split_at(decimals.len().min(places));
    if beyond.chars().any(|digit| digit != '0') {
        let message = format!("must have at most {places} decimal places, as {} has", currency.code());
        return Err(Invalid::new(Code::Format, message));
    }
    let is_negative = raw.starts_with('-');
    let sign = if is_negative { "-" } else { "" };
    format!("{sign}{whole}{kept:0<places$}").parse().map_err(|_| out_of_range(is_negative))
}

/// The digits of a whole number whose groups of three may be separated, all by the same sign. `None` if it is not one.
fn ungrouped(whole: &str, mark: DecimalMark) -> Option<String> {
    let Some(sign) = whole.chars().find(|sign| mark.groups_by(*sign)) else {
        return is_digits(whole).then(|| whole.to_owned());
    };
    let mut groups = whole.split(sign);
    let first = groups.next().filter(|first| is_digits(first) && first.len() <= 3)?;
    groups.try_fold(first.to_owned(), |all, group| (is_digits(group) && group.len() == 3).then(|| all + group))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn malformed(mark: DecimalMark) -> Invalid {
    Invalid::new(
        Code::Format,
        match mark {
            DecimalMark::Point => "must be a decimal number such as 1999.00 or 1,999.00",
            DecimalMark::Comma => "must be a decimal number such as 1999,00 or 1.999,00",
        },
    )
}

fn out_of_range(is_negative: bool) -> Invalid {
    if is_negative {
        Invalid::new(Code::TooSmall, "is too small")
    } else {
        Invalid::new(Code::TooLarge, "is too large")
    }
}

#[cfg(test)]
mod tests {
    use super::DecimalMark::{Comma, Point};
    use super::*;
    use proptest::prelude::*;

    fn units(raw: &str, mark: DecimalMark, currency: &str) -> Result<i64, Code> {
        minor_units(raw, mark, Currency::parse(currency).unwrap()).map_err(|invalid| invalid.code)
    }

    #[test]
    fn a_plain_integer_is_digits_alone() {
        for (raw, number) in
            [("0", 0), ("1999", 1999), (" 20\u{a0}", 20), ("-1", -1), ("9223372036854775807", i64::MAX)]
        {
            assert_eq!(plain_integer(raw), Ok(number), "{raw}");
        }
        let other = [
            "", "-", "20.00", "20,00", "20.", ".5", "1e3", "2E1", "+20", "0100", "00", "1 000", "1'000", "1,000",
            "1_000", "$20", "20 USD", "0x14", "٢٠", "２０", "- 1", "--1", "NaN",
        ];
        for other in other {
            assert_eq!(plain_integer(other).unwrap_err().code, Code::Format, "{other}");
        }
        assert_eq!(plain_integer("9223372036854775808").unwrap_err().code, Code::TooLarge);
        assert_eq!(plain_integer("-9223372036854775809").unwrap_err().code, Code::TooSmall);
    }

    #[test]
    fn a_decimal_amount_is_exact_in_the_minor_units_of_its_currency() {
        for (raw, mark, currency, amount) in [
            ("20.00", Point, "USD", 2000),
            ("20,00", Comma, "EUR", 2000),
            ("20", Point, "USD", 2000),
            ("19.9", Point, "USD", 1990),
            ("0.29", Point, "USD", 29),
            ("1.15", Point, "USD", 115),
            ("19.9900", Point, "USD", 1999),
            ("1,999.00", Point, "USD", 199_900),
            ("1,999", Point, "USD", 199_900),
            ("1.999", Comma, "EUR", 199_900),
            ("1.234.567,89", Comma, "EUR", 123_456_789),
            ("1\u{202f}999,00", Comma, "EUR", 199_900),
            ("1\u{a0}999,00", Comma, "EUR", 199_900),
            ("1'999.50", Point, "CHF", 199_950),
            ("1999", Point, "JPY", 1999),
            ("1999.00", Point, "JPY", 1999),
            ("1.5", Point, "KWD", 1500),
            ("1.2345", Point, "CLF", 12345),
            ("-0.01", Point, "USD", -1),
            ("90071992547409.93", Point, "USD", 9_007_199_254_740_993),
            ("92233720368547758.07", Point, "USD", i64::MAX),
        ] {
            assert_eq!(units(raw, mark, currency), Ok(amount), "{raw} {mark:?} {currency}");
        }
    }

    #[test]
    fn an_amount_in_another_form_or_too_exact_is_refused_and_never_rounded() {
        for (raw, mark, currency) in [
            ("", Point, "USD"),
            ("20,00", Point, "USD"),
            ("20.00", Comma, "EUR"),
            ("19.999", Point, "USD"),
            ("1.5", Point, "JPY"),
            (".99", Point, "USD"),
            ("19.", Point, "USD"),
            ("1,99", Point, "USD"),
            ("1,9999.00", Point, "USD"),
            ("1999,000.00", Point, "USD"),
            ("1,000'000.00", Point, "USD"),
            (",999.00", Point, "USD"),
            ("1.999.00", Point, "USD"),
            ("19.9,9", Point, "USD"),
            ("1.999E+03", Point, "USD"),
            ("$19.99", Point, "USD"),
            ("19.99 USD", Point, "USD"),
            ("-", Point, "USD"),
        ] {
            assert_eq!(units(raw, mark, currency), Err(Code::Format), "{raw} {mark:?} {currency}");
        }
        assert_eq!(units("92233720368547758.08", Point, "USD"), Err(Code::TooLarge));
        assert_eq!(units("-92233720368547758.09", Point, "USD"), Err(Code::TooSmall));
        assert_eq!(units("1.5", Point, "XAU"), Err(Code::Currency));
    }

    proptest! {
        #[test]
        fn every_amount_is_read_as_it_was_written(amount in 0..=1_000_000_000_000_i64, grouped: bool) {
            let (whole, cents) = ((amount / 100).to_string(), amount % 100);
            let mut text = String::new();
            for (place, digit) in whole.chars().enumerate() {
                if grouped && place > 0 && (whole.len() - place) % 3 == 0 {
                    text.push(',');
                }
                text.push(digit);
            }
            prop_assert_eq!(units(&format!("{text}.{cents:02}"), Point, "USD"), Ok(amount));
        }
    }
}
