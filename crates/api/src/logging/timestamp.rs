use domain::UtcDateTime;

/// Writes a time in RFC 3339, to the microsecond. Digit by digit: the general way takes as long as the rest of the line.
pub(super) fn timestamp(to: &mut String, at: UtcDateTime) {
    let (date, (hour, minute, second, micros)) = (at.date(), at.as_hms_micro());
    digits(to, date.year().unsigned_abs(), 1000);
    for (separator, number) in
        [('-', u8::from(date.month())), ('-', date.day()), ('T', hour), (':', minute), (':', second)]
    {
        to.push(separator);
        digits(to, number.into(), 10);
    }
    to.push('.');
    digits(to, micros, 100_000);
    to.push('Z');
}

/// The digits of a number from the place of `first` on.
fn digits(to: &mut String, number: u32, first: u32) {
    let mut place = first;
    while place > 0 {
        to.extend(char::from_digit(number / place % 10, 10));
        place /= 10;
    }
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;
    use time::macros::utc_datetime;

    use super::*;

    #[test]
    fn a_time_is_written_as_it_is_read_r77() {
        for at in [
            utc_datetime!(1970-01-01 00:00:00),
            utc_datetime!(2024-02-29 23:59:59.999_999),
            utc_datetime!(2026-11-07 01:02:03.000_040),
        ] {
            let mut text = String::new();
            timestamp(&mut text, at);
            assert_eq!(text.len(), "1970-01-01T00:00:00.000000Z".len());
            assert_eq!(UtcDateTime::parse(&text, &Rfc3339).unwrap(), at);
        }
    }
}
