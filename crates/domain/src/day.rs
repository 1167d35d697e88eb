use time::Date;
use time::macros::format_description;

use crate::{Code, Invalid};

/// Parses a day of ISO 8601, such as `2026-01-31`.
///
/// # Errors
/// If it has another form, or there is no such day.
pub fn parse_day(raw: &str) -> Result<Date, Invalid> {
    let day = Date::parse(raw, format_description!("[year]-[month]-[day]"));
    day.ok().filter(|_| raw.len() == 10).ok_or_else(|| Invalid::new(Code::Format, "must be a day such as 2026-01-31"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_year_month_and_day() {
        assert_eq!(parse_day("2026-01-31").unwrap(), time::macros::date!(2026 - 01 - 31));
        for bad in ["31.01.2026", "2026-02-30", "2026-1-31", "+2026-01-31", "2026-01-31 ", ""] {
            assert!(parse_day(bad).is_err(), "{bad}");
        }
    }
}
