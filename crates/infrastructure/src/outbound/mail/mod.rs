//! Writes and sends mails: by SMTP, into a folder, or only into the log.

mod built_in;
mod failure;
mod folder;
mod letter;
mod mailer;
mod smtp;
mod templates;

pub use letter::Sender;
pub use mailer::{MailerConfig, MailerError, OutboundMailer, TransportConfig};
pub use smtp::{Security, SmtpConfig};
pub use templates::TemplateError;
