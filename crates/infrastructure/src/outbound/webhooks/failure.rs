use std::error::Error;
use std::time::Duration;

use domain::UtcDateTime;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::resolver::NotPublic;

const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// Why there is no answer, without the URL, which may hold a secret.
pub(in crate::outbound) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    if causes(&error).any(<dyn Error>::is::<NotPublic>) {
        return NotPublic.to_string();
    }
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    // The last cause says what happened; those before say that it did.
    let last = causes(&error).last().map(ToString::to_string).unwrap_or_default();
    if error.is_connect() { format!("cannot connect: {last}") } else { format!("no answer: {last}") }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |error: &&(dyn Error + 'static)| Error::source(*error))
}

/// How long the receiver wants to be left alone, in seconds or until a date.
pub(super) fn retry_after(headers: &HeaderMap, now: UtcDateTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = PrimitiveDateTime::parse(text, HTTP_DATE).ok()?.assume_utc();
    (until - time::OffsetDateTime::from(now)).try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_asks_for_time_in_seconds_or_until_a_date_r170() {
        let now = time::macros::utc_datetime!(2015-10-21 07:00:00);
        let asked = |text: &str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(asked("120"), Some(Duration::from_mins(2)));
        assert_eq!(asked("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::from_mins(28)));
        assert_eq!(asked("Wed, 21 Oct 2015 06:28:00 GMT"), None, "it is over");
        assert_eq!((asked("soon"), asked("-1"), retry_after(&HeaderMap::new(), now)), (None, None, None));
    }
}
