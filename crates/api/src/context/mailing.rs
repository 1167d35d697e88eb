use application::{Conflict, Error};
use domain::mails::MailSwitches;

use super::State;

/// What routes need to know of mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mailing {
    /// Which mails the shop sends.
    pub switches: MailSwitches,
}

impl State {
    /// Refuses what needs mail in a shop that sends none.
    ///
    /// # Errors
    /// A conflict.
    pub(crate) fn expect_mail(&self) -> Result<(), Error> {
        if self.mailing.switches.is_on() { Ok(()) } else { Err(Conflict::NoMail.into()) }
    }
}
