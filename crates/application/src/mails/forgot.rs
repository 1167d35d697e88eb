use async_trait::async_trait;
use domain::MailTemplate;
use domain::accounts::{Network, ThrottleKey};
use domain::customers::EmailAddress;
use domain::mails::{MAIL_THROTTLE, Topic};

use super::{queue, throttled};
use crate::{Command, Ctx, Error, Tx};

/// Somebody wants to set a new password. Nobody looks here whether the address is a customer's: the statements are the same,
/// whoever asks for whomever. The server that sends the mail finds the account, or sends nothing.
#[derive(Debug, Clone)]
pub struct AskForReset {
    /// The address, as typed.
    pub email: EmailAddress,
    /// Where the request came from.
    pub from: Network,
}

#[async_trait]
impl Command for AskForReset {
    type Output = ();
    const NAME: &'static str = "mail.ask_for_reset";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let template = MailTemplate::PasswordReset;
        let keys = [ThrottleKey::Mail(template, self.email.clone()), ThrottleKey::MailsFrom(self.from)];
        throttled::count(tx, ctx, &MAIL_THROTTLE, &keys).await?;
        let (subject_id, recipient) = (ctx.ids.next(), Some(self.email.clone()));
        queue(tx, ctx, Topic { template, occasion: None, subject_id, customer_id: None, recipient }).await
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::FailureCount;
    use domain::mails::{MailSwitches, Message};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, ctx};

    fn ask() -> AskForReset {
        let from = Network::of("192.0.2.1".parse().unwrap());
        AskForReset { email: EmailAddress::parse("Ann@example.com").unwrap(), from }
    }

    async fn run(of_address: i64, of_client: i64, tx: &mut Mocks) -> Result<(), Error> {
        let counts = [of_address, of_client].map(|failures| Some(FailureCount { failures, since: NOW }));
        tx.login_failures.expect_record().once().return_once(move |_, _, _| Ok(counts.to_vec()));
        let ids = CountingIds::default();
        ask().run(tx, &Ctx { mails: MailSwitches::of(&[], false), ..ctx(&ids) }).await
    }

    #[tokio::test]
    async fn a_mail_to_the_address_as_typed_is_queued_and_no_account_is_looked_up_r154() {
        let mut tx = Mocks::default();
        let typed = |queued: &[Message]| queued[0].topic.recipient == Some(ask().email);
        tx.mails.expect_queue().once().withf(typed).returning(|_| Ok(()));
        run(3, 20, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_queued_beyond_three_for_an_address_or_twenty_for_a_client_in_an_hour_r156() {
        for (of_address, of_client) in [(4, 1), (1, 21)] {
            let refused = run(of_address, of_client, &mut Mocks::default()).await.unwrap_err();
            assert!(matches!(refused, Error::TooMany { .. }));
        }
    }
}
