use domain::MailTemplate;
use domain::mails::{Message, MessageId, MessageStatus, Topic};
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// A mail that is queued, or was.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Mail")]
pub(crate) struct MailBody {
    id: Id,
    /// Which mail it is.
    template: Word<MailTemplate>,
    /// What it is about: an order, a refund, an account, a product or whatever its template tells of.
    subject_id: Id,
    /// The customer, of a mail about one; null for a mail about an order.
    customer_id: Option<Id>,
    /// Where it goes; null for the address that its customer or the shop has when it is sent. It is forgotten then.
    recipient: Option<String>,
    status: Word<MessageStatus>,
    /// How often it was tried.
    attempts: i64,
    /// When it is tried next; null if it is done.
    next_at: Option<Timestamp>,
    /// What the mail server said to the last try, without addresses.
    reply: Option<String>,
    created_at: Timestamp,
    /// When it was sent, or given up.
    done_at: Option<Timestamp>,
}

impl MailBody {
    /// The same for who may not see customers.
    pub(super) fn without_address(self) -> Self {
        Self { recipient: None, ..self }
    }
}

impl From<&Message> for MailBody {
    fn from(message: &Message) -> Self {
        let Topic { template, subject_id, customer_id, recipient, .. } = &message.topic;
        Self {
            id: Id(message.id.0),
            template: template.as_str().into(),
            subject_id: Id(*subject_id),
            customer_id: customer_id.map(|id| Id(id.0)),
            recipient: recipient.as_ref().map(|email| email.as_str().to_owned()),
            status: message.status.as_str().into(),
            attempts: message.attempts,
            next_at: message.next_at.map(Timestamp),
            reply: message.reply.as_ref().map(|reply| reply.as_str().to_owned()),
            created_at: Timestamp(message.created_at),
            done_at: message.done_at.map(Timestamp),
        }
    }
}

impl ResponseBody for MailBody {
    fn example() -> Self {
        let (template, subject_id) = (MailTemplate::OrderConfirmed, example::id());
        let topic = Topic { template, occasion: None, subject_id, customer_id: None, recipient: None };
        Self::from(&Message::new(MessageId(example::id()), topic, example::NOW))
    }
}

impl Body for MailBody {
    fn version(&self) -> Option<i64> {
        None
    }
}
