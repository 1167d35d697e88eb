use std::time::Duration;

use crate::customers::{CustomerId, EmailAddress};
use crate::id::id;
use crate::retry::{is_due, lease, spread_wait};
use crate::word::words;
use crate::{Lease, MailTemplate, UtcDateTime, Uuid};

id! {
    /// The id of a message. The `Message-ID` of the mail follows from it.
    MessageId
}

words! {
    /// What became of a message.
    MessageStatus {
        /// It is to be sent.
        Pending = "pending",
        /// A mail server has taken it.
        Sent = "sent",
        /// No try is left, or the mail server refused it for good.
        Dead = "dead",
        /// There is nobody to send it to, or nothing to say any more.
        Unneeded = "unneeded",
    }
}

/// How long is waited after the first try, the second, and so on.
const WAITS: [Duration; 6] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(6),
    Duration::from_hours(24),
];

/// How often a mail is tried.
pub const SEND_TRIES: usize = WAITS.len() + 1;

/// What a mail server said, in at most 200 characters. Addresses are left out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply(String);

impl Reply {
    /// The most characters.
    pub const MAX: usize = 200;

    /// The beginning of a text, without the addresses in it.
    pub fn new(text: &str) -> Self {
        let shown = |word: &str| if word.contains('@') { "(address)".to_owned() } else { word.to_owned() };
        let words: Vec<_> = text.split_whitespace().map(shown).collect();
        Self(words.join(" ").chars().take(Self::MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored text.
    pub const fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendAnswer {
    /// A mail server has it.
    Taken(Reply),
    /// Not now: it may be taken later.
    Later(Reply),
    /// It will never be taken, such as for an address that does not exist.
    Refused(Reply),
    /// Nobody is there to send it to, or there is nothing to say any more.
    Unneeded,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// What kind of mail it is, which decides its text.
    pub template: MailTemplate,
    /// The event that it tells of, or the day, if it is sent once a day. A mail about a subject is queued once for each
    /// occasion. `None` if somebody asked for the mail.
    pub occasion: Option<Uuid>,
    /// The order, account, product or whatever it is about.
    pub subject_id: Uuid,
    /// The customer that it is about, if only that is erased with it.
    pub customer_id: Option<CustomerId>,
    /// Where it goes; `None` for the address that is the customer's, or the shop's, when it is sent. Forgotten when the
    /// message is done.
    pub recipient: Option<EmailAddress>,
}

/// A mail that is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: MessageId,
    /// What it is about.
    pub topic: Topic,
    /// What became of it.
    pub status: MessageStatus,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, while it is pending.
    pub next_at: Option<UtcDateTime>,
    /// The server that sends it now.
    pub lease: Option<Lease>,
    /// What the mail server said to the last try.
    pub reply: Option<Reply>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// When it was sent, or given up.
    pub done_at: Option<UtcDateTime>,
}

impl Message {
    /// A new message, to be sent at once.
    pub const fn new(id: MessageId, topic: Topic, now: UtcDateTime) -> Self {
        Self {
            id,
            topic,
            status: MessageStatus::Pending,
            attempts: 0,
            next_at: Some(now),
            lease: None,
            reply: None,
            created_at: now,
            done_at: None,
        }
    }

    /// Whether a server may send it now.
    pub fn is_due(&self, now: UtcDateTime) -> bool {
        self.status == MessageStatus::Pending && is_due(self.next_at, self.lease, now)
    }

    /// The message while a server sends it, for at most `timeout`.
    #[must_use]
    pub fn held_by(&self, holder: Uuid, timeout: Duration, now: UtcDateTime) -> Self {
        Self { lease: Some(lease(holder, timeout, now)), ..self.clone() }
    }

    /// Whether it is to be sent, and this server does it now.
    pub fn is_sent_by(&self, holder: Uuid) -> bool {
        self.status == MessageStatus::Pending && self.lease.is_some_and(|lease| lease.holder == holder)
    }

    /// The message after a try of `holder`. `None` if nothing is to be written: somebody else sends it meanwhile, or it is
    /// done.
    pub fn after_try(&self, holder: Uuid, answer: &SendAnswer, now: UtcDateTime) -> Option<Self> {
        let is_held = self.lease.is_some_and(|lease| lease.holder == holder);
        if self.status != MessageStatus::Pending || !is_held && !matches!(answer, SendAnswer::Taken(_)) {
            return None;
        }
        let reply = match answer {
            SendAnswer::Taken(reply) | SendAnswer::Later(reply) | SendAnswer::Refused(reply) => Some(reply.clone()),
            SendAnswer::Unneeded => None,
        };
        let tried = Self { attempts: self.attempts.saturating_add(1), lease: None, reply, ..self.clone() };
        Some(match answer {
            SendAnswer::Taken(_) => tried.done(MessageStatus::Sent, now),
            SendAnswer::Refused(_) => tried.done(MessageStatus::Dead, now),
            SendAnswer::Unneeded => tried.done(MessageStatus::Unneeded, now),
            SendAnswer::Later(_) => match spread_wait(&WAITS, tried.attempts, self.id.0) {
                Some(wait) => Self { next_at: Some(now + wait), ..tried },
                None => tried.done(MessageStatus::Dead, now),
            },
        })
    }

    fn done(self, status: MessageStatus, now: UtcDateTime) -> Self {
        let topic = Topic { recipient: None, ..self.topic };
        Self { topic, status, next_at: None, done_at: Some(now), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEASE_MARGIN;

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;
    const SERVER: Uuid = Uuid::from_u128(9);
    const TIMEOUT: Duration = Duration::from_secs(30);

    fn new() -> Message {
        let topic = Topic {
            template: MailTemplate::PasswordReset,
            occasion: None,
            subject_id: Uuid::from_u128(2),
            customer_id: None,
            recipient: EmailAddress::parse("ann@example.com").ok(),
        };
        Message::new(MessageId(Uuid::from_u128(1)), topic, NOW)
    }

    fn later() -> SendAnswer {
        SendAnswer::Later(Reply::new("451 later"))
    }

    fn tried(message: &Message, answer: &SendAnswer) -> Message {
        message.held_by(SERVER, TIMEOUT, NOW).after_try(SERVER, answer, NOW).unwrap()
    }

    #[test]
    fn a_mail_is_tried_seven_times_further_and_further_apart_and_is_then_dead_r151() {
        let mut message = new();
        for minutes in [1, 5, 30, 120, 360, 1440] {
            message = tried(&message, &later());
            let wait = message.next_at.unwrap() - NOW;
            let planned = Duration::from_mins(minutes);
            assert!(wait >= planned.mul_f64(0.9) && wait <= planned.mul_f64(1.1), "{wait} of {planned:?}");
            assert!(message.topic.recipient.is_some() && !message.is_due(NOW));
        }
        let dead = tried(&message, &later());
        assert_eq!((dead.status, dead.attempts, dead.done_at), (MessageStatus::Dead, 7, Some(NOW)));
        assert_eq!(SEND_TRIES, 7);
    }

    #[test]
    fn a_sent_mail_forgets_its_address_and_is_not_sent_again_r151() {
        let refused = SendAnswer::Refused(Reply::new("550 no such user"));
        let taken = SendAnswer::Taken(Reply::new("250 ok"));
        for (answer, status) in [
            (&taken, MessageStatus::Sent),
            (&refused, MessageStatus::Dead),
            (&SendAnswer::Unneeded, MessageStatus::Unneeded),
        ] {
            let done = tried(&new(), answer);
            assert_eq!((done.status, done.topic.recipient.clone(), done.next_at), (status, None, None));
            assert_eq!(done.after_try(SERVER, &taken, NOW), None);
        }
    }

    #[test]
    fn one_server_sends_it_until_its_lease_is_over_r151() {
        let held = new().held_by(SERVER, TIMEOUT, NOW);
        assert!(!held.is_due(NOW + TIMEOUT) && held.is_due(NOW + TIMEOUT + LEASE_MARGIN));
        let other = Uuid::from_u128(8);
        assert_eq!(held.after_try(other, &later(), NOW), None, "its failure says nothing");
        assert!(held.after_try(other, &SendAnswer::Taken(Reply::new("250")), NOW).is_some(), "it is sent");
    }

    #[test]
    fn a_reply_is_short_and_names_no_address_r151() {
        let reply = Reply::new("550 5.1.1\r\n <ann@example.com>: unknown");
        assert_eq!(reply.as_str(), "550 5.1.1 (address) unknown");
        assert_eq!(Reply::new(&"x".repeat(500)).as_str().len(), 200);
    }
}
