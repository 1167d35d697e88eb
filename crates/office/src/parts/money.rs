use domain::{Code, Currency, DecimalMark, Invalid, Money, minor_units};
use maud::{Markup, html};

/// An amount with groups of three digits and the code of its currency, such as `1,234.50 USD`.
pub(crate) fn amount(money: Money) -> String {
    let text = money.to_string();
    let (number, code) = text.split_once(' ').unwrap_or((&text, ""));
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |rest| ("\u{2212}", rest));
    let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    let part = part.map(|part| format!(".{part}")).unwrap_or_default();
    format!("{sign}{}{part}\u{a0}{code}", grouped(whole))
}

/// An amount as it stands in a field: its number alone, such as `1234.50`.
pub(crate) fn number(money: Money) -> String {
    let text = money.to_string();
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// Digits in groups of three.
pub(crate) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount in a page.
pub(crate) fn money(money: Money) -> Markup {
    html! { span.money { (amount(money)) } }
}

/// An amount as somebody types it, in minor units. `1,999` could be two amounts, and is asked back.
///
/// # Errors
/// If it is no amount of this currency, or could be two.
pub(crate) fn typed_money(raw: &str, currency: Currency) -> Result<i64, Invalid> {
    let raw = raw.trim().trim_end_matches(currency.code()).trim();
    let by = |mark| minor_units(raw, mark, currency);
    let unclear = |one: i64, other: i64| {
        let [one, other] = [one, other].map(|amount| Money { amount, currency }.to_string());
        let message = format!("could be {one} or {other}: write it with its decimals");
        Err(Invalid::new(Code::Format, message))
    };
    match (by(DecimalMark::Point), by(DecimalMark::Comma)) {
        (Ok(one), Ok(other)) if one != other => unclear(one, other),
        (Ok(amount), Err(_)) | (Err(_), Ok(amount)) => match rounded(raw, currency) {
            Some(other) => unclear(amount, other),
            None => Ok(amount),
        },
        (Ok(amount), Ok(_)) => Ok(amount),
        (Err(invalid), Err(_)) => Err(invalid),
    }
}

/// What `1,999` is in minor units if its one sign is meant as the decimal mark and is followed by a digit too many.
fn rounded(raw: &str, currency: Currency) -> Option<i64> {
    let places = u32::try_from(currency.places()?).ok().filter(|places| (1..3).contains(places))?;
    let (whole, thousandths) = raw.split_once(['.', ','])?;
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let thousandths = digits(thousandths).filter(|_| thousandths.len() == 3)?;
    let exact = digits(whole)?.checked_mul(1000)?.checked_add(thousandths)?;
    let step = 10_i64.pow(3 - places);
    Some((exact + step / 2) / step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(raw: &str) -> Result<i64, String> {
        typed_money(raw, Currency::default()).map_err(|invalid| invalid.message.into_owned())
    }

    #[test]
    fn an_amount_is_shown_in_groups_of_three_digits_r235() {
        let shown = |amount: i64, currency: &str| {
            super::amount(Money { amount, currency: Currency::parse(currency).unwrap() }).replace('\u{a0}', " ")
        };
        assert_eq!(shown(123_456_789, "USD"), "1,234,567.89 USD");
        assert_eq!((shown(5, "USD").as_str(), shown(-123_400, "USD").as_str()), ("0.05 USD", "−1,234.00 USD"));
        assert_eq!((shown(1500, "JPY").as_str(), shown(100, "JPY").as_str()), ("1,500 JPY", "100 JPY"));
    }

    #[test]
    fn an_amount_in_a_field_is_read_as_it_was_r249() {
        let currency = Currency::default();
        for amount in [0, 5, 123_456, -1999] {
            assert_eq!(typed_money(&number(Money { amount, currency }), currency), Ok(amount));
        }
    }

    #[test]
    fn a_price_is_taken_in_either_way_of_writing_and_never_guessed_r241() {
        for (raw, amount) in
            [("19.99", 1999), ("19,99", 1999), ("1.999,00", 199_900), ("1,999.00", 199_900), (" 5 USD", 500), ("0", 0)]
        {
            assert_eq!(typed(raw), Ok(amount), "{raw}");
        }
        assert_eq!(typed("1,999").unwrap_err(), "could be 1999.00 USD or 2.00 USD: write it with its decimals");
        assert!(typed("1.999").is_err());
        for bad in ["", "abc", "1.2.3", "1e3", "19.999,9999"] {
            assert!(typed(bad).is_err(), "{bad}");
        }
    }
}
