//! Between the values of rows and those of the domain.

use domain::{Date, Invalid, StoreError, UtcDateTime, words};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A time as it is stored: microseconds since 1970.
pub(super) fn micros(time: UtcDateTime) -> i64 {
    // Times end with the year 9999, and 64 bits only long after.
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1000)).unwrap_or(i64::MAX)
}

/// A stored time.
pub(super) fn time(micros: i64) -> Result<UtcDateTime, StoreError> {
    UtcDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)
        .map_err(|error| StoreError::Internal(error.into()))
}

/// A date as it is stored: `YYYY-MM-DD`.
pub(super) fn date_text(date: Date) -> String {
    // The format has nothing that a date lacks.
    date.format(DATE).unwrap_or_default()
}

/// A stored date.
pub(super) fn date(text: &str) -> Result<Date, StoreError> {
    Date::parse(text, DATE).map_err(|error| StoreError::Internal(error.into()))
}

/// A stored value that must be one of a few.
pub(super) fn stored<T>(what: &str, parsed: Result<T, Invalid>) -> Result<T, StoreError> {
    parsed.map_err(|error| StoreError::corrupt(format!("the stored {what} is broken: it {error}")))
}

/// The words of a text with a blank before and after each, by which it is found.
pub(super) fn searchable(text: &str) -> String {
    format!(" {} ", Vec::from_iter(words(text)).join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date as day, utc_datetime};

    #[test]
    fn times_and_dates_are_stored_unchanged() {
        for at in [utc_datetime!(1969-12-31 23:59:59.999_999), utc_datetime!(9999-12-31 23:59:59.999_999)] {
            assert_eq!(time(micros(at)).unwrap(), at);
        }
        assert!(time(i64::MAX).is_err());
        assert_eq!(date_text(day!(2024 - 02 - 29)), "2024-02-29");
        assert_eq!(date("2024-02-29").unwrap(), day!(2024 - 02 - 29));
        assert!(date("2024-02-30").is_err());
    }
}
