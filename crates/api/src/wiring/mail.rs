use std::sync::Arc;

use application::mails::{Composer, Letter, Links, Mailer, Mails, MailsParts, ShopInMails};
use application::{Clock, Queries, Runner, Secrets};
use async_trait::async_trait;
use domain::Uuid;
use domain::mails::{MailSwitches, SendAnswer};
use infrastructure::db::Database;
use infrastructure::outbound::mail::{MailerConfig, OutboundMailer, Security, Sender, SmtpConfig, TransportConfig};
use metrics::counter;

use super::StartError;
use crate::config::{MailSettings, MailTransport, MailboxSetting, Settings, SmtpSettings, SmtpTls};
use crate::housekeeping::DueMails;
use crate::metrics::MAIL_TRIES;

/// Which mails a shop sends.
pub(super) fn switches(settings: &Settings) -> MailSwitches {
    let of = |mail: &MailSettings| MailSwitches::of(&mail.disabled, mail.alerts_to.is_some());
    settings.mail.as_ref().map(of).unwrap_or_default()
}

/// What mails are made of, besides the settings.
pub(super) struct Inside<'a> {
    pub database: &'a Database,
    pub runner: &'a Runner,
    pub queries: &'a Queries,
    pub clock: &'a Arc<dyn Clock>,
    pub secrets: &'a Arc<dyn Secrets>,
}

/// What sends mails; `None` if the shop sends none.
///
/// # Errors
/// If a template cannot be used.
pub(super) fn mails(settings: &Settings, inside: &Inside<'_>) -> Result<Option<DueMails>, StartError> {
    let Some(mail) = &settings.mail else { return Ok(None) };
    let composer = Composer { queries: inside.queries.clone(), shop: shop(settings, mail) };
    #[expect(clippy::disallowed_methods, reason = "identifies this process to other servers; no id of the shop")]
    let holder = Uuid::now_v7();
    let mails = Mails::new(MailsParts {
        runner: inside.runner.clone(),
        composer,
        mailer: Arc::new(Measured(mailer(mail)?)),
        secrets: inside.secrets.clone(),
        clock: inside.clock.clone(),
        switches: switches(settings),
        keep_events: settings.keep_events,
        holder,
    });
    let changes = inside.database.changes();
    let due = Arc::new(move || {
        let changes = changes.clone();
        Box::pin(async move { changes.mail_is_due().await }) as _
    });
    Ok(Some(DueMails { mails, due }))
}

/// What writes and sends mails by these settings.
///
/// # Errors
/// If a template cannot be used.
pub fn mailer(mail: &MailSettings) -> Result<OutboundMailer, StartError> {
    let sender = |mailbox: &MailboxSetting| Sender { name: mailbox.name.clone(), address: mailbox.address.clone() };
    let transport = match &mail.transport {
        MailTransport::Smtp(smtp) => TransportConfig::Smtp(smtp_config(smtp)),
        MailTransport::File(folder) => TransportConfig::Folder(folder.clone()),
        MailTransport::Log => TransportConfig::Log,
    };
    Ok(OutboundMailer::new(MailerConfig {
        transport,
        from: sender(&mail.from),
        reply_to: mail.reply_to.as_ref().map(sender),
        templates: mail.templates.clone(),
    })?)
}

fn smtp_config(smtp: &SmtpSettings) -> SmtpConfig {
    SmtpConfig {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.tls {
            SmtpTls::Implicit => Security::Tls,
            SmtpTls::StartTls => Security::StartTls,
            SmtpTls::None => Security::Plain,
        },
        login: smtp.login.as_ref().map(|(name, password)| (name.clone(), password.0.clone())),
    }
}

/// What mails say of the shop.
pub fn shop(settings: &Settings, mail: &MailSettings) -> ShopInMails {
    let host = || mail.public_url.host_str().unwrap_or_default().to_owned();
    ShopInMails {
        name: mail.from.name.clone().unwrap_or_else(host),
        address: mail.public_url.to_string(),
        links: Links {
            password_reset: mail.page(&mail.reset_path),
            email_verify: mail.page(&mail.verify_path),
            order: mail.page(&mail.order_path),
        },
        instructions: settings.payments.bank_transfer.as_ref().map(|transfer| transfer.instructions.clone()),
        alerts_to: mail.alerts_to.clone(),
    }
}

/// A mailer whose tries are counted by outcome.
struct Measured(OutboundMailer);

#[async_trait]
impl Mailer for Measured {
    async fn send(&self, letter: &Letter) -> SendAnswer {
        let answer = self.0.send(letter).await;
        let outcome = match &answer {
            SendAnswer::Taken(_) => "taken",
            SendAnswer::Refused(_) => "refused",
            SendAnswer::Later(_) | SendAnswer::Unneeded => "failed",
        };
        counter!(MAIL_TRIES, "outcome" => outcome).increment(1);
        answer
    }
}
