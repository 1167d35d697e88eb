use std::sync::Arc;
use std::time::Duration;

use domain::events::EventFilter;
use domain::mails::{MailSwitches, MessageId, MessageStatus, OneTimeToken, SendAnswer};
use domain::webhooks::EndpointStatus;
use domain::{Limit, PageRequest, Uuid};

use super::composer::{Composed, TokenFor};
use super::{
    BeginMail, ClaimMail, Composer, FanOutMails, IssueToken, Item, Letter, Mailer, RecordSend, Sending, WatchEndpoints,
};
use crate::{Clock, Error, Runner, Secrets};

/// The most events that are read in one transaction.
const PASSED: u64 = 200;

/// The most such transactions in one look.
const TURNS: u32 = 50;

/// What sending mails is made of.
#[derive(Clone)]
pub struct MailsParts {
    /// Runs the commands.
    pub runner: Runner,
    /// Reads what mails say.
    pub composer: Composer,
    /// Writes and sends them.
    pub mailer: Arc<dyn Mailer>,
    /// Makes one-time tokens.
    pub secrets: Arc<dyn Secrets>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Which mails the shop sends.
    pub switches: MailSwitches,
    /// How long an event is kept.
    pub keep_events: Duration,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

/// Sends mails. Several servers may do it at once.
#[derive(Clone)]
pub struct Mails {
    parts: Arc<MailsParts>,
}

impl Mails {
    /// How long a try takes at most.
    pub const TIMEOUT: Duration = Duration::from_mins(1);

    /// Mails of these parts.
    pub fn new(parts: MailsParts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Begins to read the feed, when a shop sends mail for the first time.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn follow(&self) -> Result<(), Error> {
        if self.parts.composer.queries.mails.position().await?.is_some() {
            return Ok(());
        }
        self.parts.runner.run(BeginMail).await
    }

    /// Queues mails of what is new in the feed, which is at position `last`.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn queue_new(&self, last: i64) -> Result<(), Error> {
        if self.parts.composer.queries.mails.position().await?.is_some_and(|position| position < last) {
            for _ in 0..TURNS {
                if !self.parts.runner.run(FanOutMails { limit: PASSED }).await? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The sender of due mails, a few at a time.
    pub fn sending(&self) -> Sending {
        Sending::new(self.clone())
    }

    /// Up to `limit` messages that are due: what somebody asked for first, then the longest due.
    pub(super) async fn due(&self, limit: u64) -> Result<Vec<MessageId>, Error> {
        Ok(self.parts.composer.queries.mails.due(self.parts.clock.now(), limit).await?)
    }

    /// Sends a message once, if it is this server's turn.
    ///
    /// # Errors
    /// A failure of the database. The message is sent again when its lease is over.
    pub async fn send(&self, id: MessageId) -> Result<(), Error> {
        let MailsParts { runner, composer, mailer, holder, switches, .. } = &*self.parts;
        let Some(message) = runner.run(ClaimMail { id, holder: *holder }).await? else { return Ok(()) };
        let template = message.topic.template;
        let ready = match composer.compose(&message).await? {
            _ if !switches.sends(template) => None,
            Composed::Unneeded => None,
            Composed::Ready(to, fields) => Some((to, fields)),
            Composed::WithToken(to, mut fields, token) => self.link(id, token).await?.map(|(link, hours)| {
                fields.insert("link", link);
                fields.insert("hours", hours);
                (to, fields)
            }),
        };
        let answer = match ready {
            Some((to, fields)) => {
                let letter = Letter { id, template, to, fields, at: message.created_at };
                mailer.send(&letter).await
            }
            None => SendAnswer::Unneeded,
        };
        let reply = match &answer {
            SendAnswer::Taken(reply) | SendAnswer::Later(reply) | SendAnswer::Refused(reply) => reply.as_str(),
            SendAnswer::Unneeded => "",
        };
        let recorded = runner.run(RecordSend { id, holder: *holder, answer: answer.clone() }).await?;
        match recorded {
            Some(MessageStatus::Dead) => {
                tracing::warn!(message = %id, template = template.as_str(), reply, "a mail was given up");
            }
            Some(MessageStatus::Pending) => {
                tracing::info!(message = %id, template = template.as_str(), reply, "a mail was not taken; will try again");
            }
            _ => {}
        }
        Ok(())
    }

    /// A one-time link, and for how many hours it is valid. Only the hash of its token is stored.
    async fn link(&self, message: MessageId, wanted: TokenFor) -> Result<Option<(Item, Item)>, Error> {
        let MailsParts { runner, secrets, clock, holder, .. } = &*self.parts;
        let secret = secrets.token();
        let TokenFor { account_id, purpose, email, page } = wanted;
        let token = OneTimeToken::new(secrets.hash(&secret), purpose, account_id, email, clock.now());
        if !runner.run(IssueToken { token, message, holder: *holder }).await? {
            return Ok(None);
        }
        let hours = purpose.lasts().as_secs() / 3600;
        Ok(Some((Item::text(format!("{page}#token={}", secret.0)), Item::text(hours))))
    }

    /// Tells the shop of webhook endpoints that are switched off or will lose events.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn watch_endpoints(&self) -> Result<(), Error> {
        let MailsParts { runner, composer, clock, keep_events, .. } = &*self.parts;
        let page = PageRequest { limit: Limit::parse(Limit::MAX).unwrap_or(Limit::DEFAULT), after: None };
        for endpoint in composer.queries.webhooks.list(&page).await?.items {
            let waits_since = match endpoint.status {
                EndpointStatus::Active => {
                    let next = composer.queries.events.read(&EventFilter::default(), endpoint.position, 1).await?;
                    next.events.first().map(|event| event.at)
                }
                EndpointStatus::Off | EndpointStatus::Paused => None,
            };
            let watch = WatchEndpoints { endpoint, waits_since, keep_for: *keep_events };
            if watch.is_worth_a_mail(clock.now()) {
                runner.run(watch).await?;
            }
        }
        Ok(())
    }
}
