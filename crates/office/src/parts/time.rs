use domain::{Date, UtcDateTime};
use maud::{Markup, html};

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
    let offset = calendar.local(at).offset();
    html! {
        time datetime=(machine(at)) title={ (calendar.zone()) ", UTC" (offset) } { (moment(ask, at)) }
    }
}

/// A time where the shop is, such as `27 Nov 2026, 09:05`.
pub(crate) fn moment(ask: &Ask, at: UtcDateTime) -> String {
    let local = ask.office.calendar.local(at);
    let (hour, minute, _) = local.time().as_hms();
    format!("{}, {hour:02}:{minute:02}", date(local.date()))
}
