use domain::UtcDateTime;

/// A time in RFC 3339, in UTC, to the microsecond. Digit by digit: the general way takes as long as the rest of the line.
pub(super) fn timestamp(at: UtcDateTime) -> [u8; 27] {
    let (date, (hour, minute, second, micros)) = (at.date(), at.as_hms_micro());
    let [y1, y2, y3, y4] = digits(date.year().unsigned_abs());
    let [month1, month2] = digits(u8::from(date.month()).into());
    let [day1, day2] = digits(date.day().into());
    let [h1, h2] = digits(hour.into());
    let [m1, m2] = digits(minute.into());
    let [s1, s2] = digits(second.into());
    let [f1, f2, f3, f4, f5, f6] = digits(micros);
    [
        y1, y2, y3, y4, b'-', month1, month2, b'-', day1, day2, b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'.', f1, f2,
        f3, f4, f5, f6, b'Z',
    ]
}

/// The last `N` decimal digits.
fn digits<const N: usize>(mut number: u32) -> [u8; N] {
    let mut digits = [b'0'; N];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' | u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    digits
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
            let text = String::from_utf8(timestamp(at).into()).unwrap();
            assert_eq!(UtcDateTime::parse(&text, &Rfc3339).unwrap(), at);
        }
    }
}
