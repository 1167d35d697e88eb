#![allow(clippy::ref_option_ref, reason = "mockall writes it")]

use async_trait::async_trait;
use domain::customers::EmailAddress;
use domain::mails::{MessageId, SendAnswer};
use domain::{MailTemplate, UtcDateTime};

use super::Fields;

/// A mail that is ready to be written and sent. `Debug` does not show what it says, which may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The message. A letter that is sent twice has the same `Message-ID`.
    pub id: MessageId,
    /// Which text it gets.
    pub template: MailTemplate,
    /// Where it goes.
    pub to: EmailAddress,
    /// What it says.
    pub fields: Fields,
    /// When it was queued.
    pub at: UtcDateTime,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).field("template", &self.template).finish_non_exhaustive()
    }
}

/// Writes and sends mails.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends a mail once. Takes no longer than [`Mails::TIMEOUT`](super::Mails::TIMEOUT).
    async fn send(&self, letter: &Letter) -> SendAnswer;
}
