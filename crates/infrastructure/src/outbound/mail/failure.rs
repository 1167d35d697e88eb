use domain::mails::{Reply, SendAnswer};
use lettre::transport::smtp::Error;

/// Replies that say that the server does not know the shop, not that it refuses the mail: they go away when the settings are
/// right.
const NOT_ABOUT_THE_MAIL: [u16; 5] = [500, 530, 534, 535, 538];

/// What a failure means for the mail.
pub fn answer(error: &Error) -> SendAnswer {
    let reply = Reply::new(&text(error));
    match error.status().map(u16::from) {
        Some(code) if code >= 500 && !NOT_ABOUT_THE_MAIL.contains(&code) => SendAnswer::Refused(reply),
        _ => SendAnswer::Later(reply),
    }
}

/// The failure with its causes.
pub fn text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = inner.source();
    }
    text
}
