use domain::pricing::RatePpm;
use domain::{Code, Invalid};

/// The digits behind the mark that a rate has in percent.
const PLACES: usize = 4;

/// A rate such as `19 %`.
pub(crate) fn percent(ppm: RatePpm) -> String {
    format!("{}\u{a0}%", ppm.in_percent())
}

/// A percentage as somebody types it, in parts per million.
///
/// # Errors
/// If it is no number of up to four decimals.
pub(crate) fn typed_percent(raw: &str) -> Result<i64, Invalid> {
    let malformed = || Invalid::new(Code::Format, "must be a percentage such as 20 or 12.5, with up to 4 decimals");
    let raw = raw.trim().trim_end_matches('%').trim_end();
    let (whole, part) = raw.split_once(['.', ',']).unwrap_or((raw, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(part) || part.len() > PLACES || whole.len() > 9 {
        return Err(malformed());
    }
    let number = |text: &str| text.parse::<i64>().map_err(|_| malformed());
    Ok(number(whole)? * 10_000 + number(&format!("{part:0<PLACES$}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_said_in_percent_r245() {
        let of = |ppm| percent(RatePpm::from_trusted(ppm)).replace('\u{a0}', " ");
        assert_eq!([190_000, 82_500, 1, 0, 1_000_000].map(of), ["19 %", "8.25 %", "0.0001 %", "0 %", "100 %"]);
    }

    #[test]
    fn a_percentage_is_typed_as_it_is_shown_r245() {
        for ppm in [190_000, 82_500, 1, 0, 1_000_000] {
            assert_eq!(typed_percent(&RatePpm::from_trusted(ppm).in_percent()), Ok(ppm));
        }
        assert_eq!((typed_percent("12,5 %"), typed_percent(" 20")), (Ok(125_000), Ok(200_000)));
        for bad in ["", "x", "1.23456", "-5", "1.2.3", "12345678901"] {
            assert!(typed_percent(bad).is_err(), "{bad}");
        }
    }
}
