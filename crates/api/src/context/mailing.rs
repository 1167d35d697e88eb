use application::{Conflict, Error};
use domain::customers::CustomerId;
use domain::mail::MailSwitches;

use super::State;

/// What routes need to know of mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mailing {
    /// Which mails the shop sends.
    pub switches: MailSwitches,
    /// `auth.require_verified_email`
    pub requires_verified_email: bool,
}

impl State {
    /// Refuses what needs mail in a shop that sends none.
    ///
    /// # Errors
    /// A conflict.
    pub(crate) fn expect_mail(&self) -> Result<(), Error> {
        if self.mailing.switches.is_on() { Ok(()) } else { Err(Conflict::NoMail.into()) }
    }

    /// Refuses a customer who has not proved its address, for a shop that wants that.
    ///
    /// # Errors
    /// [`Error::EmailUnverified`].
    pub(crate) async fn expect_verified(&self, id: CustomerId) -> Result<(), Error> {
        let customer = self.queries.customers.get(id).await?.ok_or(Error::NotFound("customer"))?;
        match self.queries.mail.verified_at(&customer).await? {
            Some(_) => Ok(()),
            None => Err(Error::EmailUnverified),
        }
    }
}
