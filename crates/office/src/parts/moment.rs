use domain::pricing::Calendar;
use domain::{Code, Invalid, UtcDateTime, parse_day};
use time::Time;

/// A time where the shop is, to the minute, as it stands in a field of the type `datetime-local`.
pub(crate) fn local(calendar: &dyn Calendar, at: UtcDateTime) -> String {
    let local = calendar.local(at);
    let (day, (hour, minute, _)) = (local.date(), local.time().as_hms());
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}", day.year(), u8::from(day.month()), day.day())
}

/// A time as such a field sends it.
///
/// # Errors
/// If it is none.
pub(crate) fn typed_moment(raw: &str, calendar: &dyn Calendar) -> Result<UtcDateTime, Invalid> {
    let malformed = || Invalid::new(Code::Format, "must be a day and a time such as 2026-01-31T09:00");
    let (day, time) = raw.trim().split_once(['T', ' ']).ok_or_else(malformed)?;
    let day = parse_day(day).map_err(|_| malformed())?;
    let mut parts = time.split(':').map(|part| part.parse::<u8>().ok().filter(|_| part.len() == 2));
    let (Some(Some(hour)), Some(Some(minute))) = (parts.next(), parts.next()) else { return Err(malformed()) };
    let time = Time::from_hms(hour, minute, 0).map_err(|_| malformed())?;
    // Browsers add seconds only where a value has them.
    if parts.any(|second| second.is_none()) { Err(malformed()) } else { Ok(calendar.moment(day, time)) }
}

#[cfg(test)]
mod tests {
    use domain::pricing::Utc;
    use time::macros::utc_datetime;

    use super::*;

    #[test]
    fn a_time_is_typed_as_it_is_shown_r241() {
        let at = utc_datetime!(2026-01-31 09:05);
        assert_eq!(local(&Utc, at), "2026-01-31T09:05");
        for raw in ["2026-01-31T09:05", "2026-01-31 09:05", "2026-01-31T09:05:00"] {
            assert_eq!(typed_moment(raw, &Utc), Ok(at), "{raw}");
        }
        for bad in
            ["2026-01-31", "2026-02-30T09:00", "2026-01-31T25:00", "2026-01-31T9:5", "2026-01-31T09:05:x", "soon"]
        {
            assert!(typed_moment(bad, &Utc).is_err(), "{bad}");
        }
    }
}
