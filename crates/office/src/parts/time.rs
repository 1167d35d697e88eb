use domain::{Date, UtcDateTime};
use maud::{Markup, html};
use time::UtcOffset;

use crate::request::Ask;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day, such as `27 Nov 2026`.
pub(crate) fn date(day: Date) -> String {
    let month = MONTHS.get(usize::from(u8::from(day.month())) - 1).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// A time in UTC as programs read it, to the second.
pub(crate) fn machine(at: UtcDateTime) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// A time where the shop is. The zone shows when the pointer rests on it.
pub(crate) fn time(ask: &Ask, at: UtcDateTime) -> Markup {
    let calendar = ask.office.calendar.as_ref();
    let zone = format!("{}, {}", calendar.zone(), offset(calendar.local(at).offset()));
    html! {
        time datetime=(machine(at)) title=(zone) { (moment(ask, at)) }
    }
}

/// How far a zone is from UTC, such as `UTC+01:00`.
fn offset(offset: UtcOffset) -> String {
    let (hours, minutes, _) = offset.as_hms();
    let sign = if offset.is_negative() { '\u{2212}' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", hours.unsigned_abs(), minutes.unsigned_abs())
}

/// A time where the shop is, such as `27 Nov 2026, 09:05`.
pub(crate) fn moment(ask: &Ask, at: UtcDateTime) -> String {
    let local = ask.office.calendar.local(at);
    let (hour, minute, _) = local.time().as_hms();
    format!("{}, {hour:02}:{minute:02}", date(local.date()))
}

#[cfg(test)]
mod tests {
    use time::macros::offset;

    #[test]
    fn a_zone_is_said_in_hours_and_minutes_r235() {
        let shown = [offset!(+1), offset!(-3:30), offset!(+5:45), offset!(UTC)].map(super::offset);
        assert_eq!(shown, ["UTC+01:00", "UTC−03:30", "UTC+05:45", "UTC+00:00"]);
    }
}
