use std::path::PathBuf;

use application::mails::{Letter, Mailer, Mails};
use async_trait::async_trait;
use domain::mails::{Reply, SendAnswer};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Tokio1Executor};
use tokio::time::timeout;

use super::letter::{Sender, message};
use super::smtp::{SmtpConfig, client};
use super::templates::{TemplateError, Templates};
use super::{failure, folder};

/// How mails leave the shop.
#[derive(Debug, Clone)]
pub enum TransportConfig {
    /// To a mail server.
    Smtp(SmtpConfig),
    /// Into this folder.
    Folder(PathBuf),
    /// Not at all: the log says which would.
    Log,
}

/// What a mailer is made of.
#[derive(Debug, Clone)]
pub struct MailerConfig {
    /// How mails leave the shop.
    pub transport: TransportConfig,
    /// Who they are from.
    pub from: Sender,
    /// Where answers go.
    pub reply_to: Option<Sender>,
    /// A folder with templates that replace those in the program.
    pub templates: Option<PathBuf>,
}

/// Why mails cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// Templates cannot be used.
    #[error("mail.templates: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Templates(Vec<TemplateError>),
    /// The mail server is not reached, or refuses the shop.
    #[error("mail.smtp.url: the mail server cannot be used: {0}")]
    Server(String),
}

enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Log,
}

/// Writes mails by templates and sends them.
pub struct OutboundMailer {
    templates: Templates,
    transport: Transport,
    from: Sender,
    reply_to: Option<Sender>,
}

impl OutboundMailer {
    /// A mailer. It connects to nothing yet.
    ///
    /// # Errors
    /// If a template cannot be used, or TLS not be set up.
    pub fn new(config: MailerConfig) -> Result<Self, MailerError> {
        let templates = Templates::load(config.templates.as_deref()).map_err(MailerError::Templates)?;
        let transport = match &config.transport {
            TransportConfig::Smtp(smtp) => {
                let client = client(smtp, config.from.domain());
                Transport::Smtp(client.map_err(|error| MailerError::Server(failure::text(&error)))?)
            }
            TransportConfig::Folder(folder) => Transport::Folder(folder.clone()),
            TransportConfig::Log => Transport::Log,
        };
        Ok(Self { templates, transport, from: config.from, reply_to: config.reply_to })
    }

    /// Connects to the mail server and logs in, if there is one.
    ///
    /// # Errors
    /// If it is not reached, or refuses.
    pub async fn test_connection(&self) -> Result<(), MailerError> {
        let Transport::Smtp(client) = &self.transport else { return Ok(()) };
        match timeout(Mails::TIMEOUT, client.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(MailerError::Server("it does not go on after the greeting".to_owned())),
            Ok(Err(error)) => Err(MailerError::Server(failure::text(&error))),
            Err(_) => Err(MailerError::Server("it does not answer".to_owned())),
        }
    }
}

#[async_trait]
impl Mailer for OutboundMailer {
    async fn send(&self, letter: &Letter) -> SendAnswer {
        let written = match self.templates.write(letter.template, &letter.fields) {
            Ok(written) => written,
            // Somebody may repair it.
            Err(error) => return SendAnswer::Later(Reply::new(&error.to_string())),
        };
        let subject = written.subject.clone();
        let Ok(mail) = message(letter, written, &self.from, self.reply_to.as_ref()) else {
            return SendAnswer::Refused(Reply::new("no mail can go to this address"));
        };
        match &self.transport {
            Transport::Smtp(client) => match timeout(Mails::TIMEOUT, client.send(mail)).await {
                Ok(Ok(response)) => {
                    let lines: Vec<_> = response.message().collect();
                    SendAnswer::Taken(Reply::new(&format!("{} {}", response.code(), lines.join(" "))))
                }
                Ok(Err(error)) => failure::answer(&error),
                Err(_) => SendAnswer::Later(Reply::new("the mail server does not answer")),
            },
            Transport::Folder(folder) => {
                let (folder, name, mail) = (folder.clone(), letter.id.to_string(), mail.formatted());
                let written = tokio::task::spawn_blocking(move || folder::write(&folder, &name, &mail)).await;
                match written {
                    Ok(Ok(())) => SendAnswer::Taken(Reply::new("written")),
                    Ok(Err(error)) => SendAnswer::Later(Reply::new(&error.to_string())),
                    Err(error) => SendAnswer::Later(Reply::new(&error.to_string())),
                }
            }
            Transport::Log => {
                tracing::info!(message = %letter.id, template = letter.template.as_str(), subject, "a mail is not sent");
                SendAnswer::Taken(Reply::new("logged"))
            }
        }
    }
}
