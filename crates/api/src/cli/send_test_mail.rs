use application::mails::{Letter, Mailer as _};
use clap::Args;
use domain::customers::EmailAddress;
use domain::mails::{MessageId, SendAnswer};
use domain::{MailTemplate, UtcDateTime, Uuid};

use super::error::Failure;
use super::say;
use crate::config::Settings;
use crate::wiring::{mailer, shop_in_mails};

/// The arguments of `send-test-mail`.
#[derive(Args)]
pub(super) struct SendTestMail {
    /// Where it goes
    #[arg(value_parser = |raw: &str| EmailAddress::parse(raw).map_err(|invalid| invalid.message.into_owned()))]
    to: EmailAddress,
}

impl SendTestMail {
    /// Sends a mail at once, past the queue.
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Some(mail) = &settings.mail else {
            return Err(Failure::Usage("the shop sends no mail: set mail.transport to smtp, file or log".to_owned()));
        };
        #[expect(clippy::disallowed_methods, reason = "a mail that nothing of the shop refers to")]
        let (id, at) = (MessageId(Uuid::now_v7()), UtcDateTime::now());
        let fields = shop_in_mails(settings, mail).fields();
        let letter = Letter { id, template: MailTemplate::Test, to: self.to, fields, at };
        match mailer(mail)?.send(&letter).await {
            SendAnswer::Taken(reply) => {
                say(format_args!("sent: {}", reply.as_str()));
                Ok(())
            }
            SendAnswer::Later(reply) | SendAnswer::Refused(reply) => {
                Err(Failure::Failed(format!("the mail was not sent: {}", reply.as_str()).into()))
            }
            SendAnswer::Unneeded => Ok(()),
        }
    }
}
