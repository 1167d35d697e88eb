//! What the tests of mails share.

use domain::MailTemplate;
use domain::mails::{Message, MessageId, Topic};

use crate::testing::{NOW, id};

/// A mail about an order.
pub fn message() -> Message {
    let topic = Topic {
        template: MailTemplate::OrderConfirmed,
        occasion: Some(id(5)),
        subject_id: id(30),
        customer_id: None,
        recipient: None,
    };
    Message::new(MessageId(id(2)), topic, NOW)
}
