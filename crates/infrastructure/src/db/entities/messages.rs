use domain::customers::{CustomerId, EmailAddress};
use domain::mails::{Message, MessageId, MessageStatus, Reply, Topic};
use domain::{Lease, MailTemplate, StoreError};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub template: String,
    pub occasion: Option<Uuid>,
    pub subject_id: Uuid,
    pub customer_id: Option<Uuid>,
    pub recipient: Option<String>,
    pub recipient_key: Option<String>,
    pub status: String,
    pub attempts: i64,
    pub next_at: Option<i64>,
    pub lease_holder: Option<Uuid>,
    pub lease_until: Option<i64>,
    pub reply: Option<String>,
    pub created_at: i64,
    pub done_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Message> for Model {
    fn from(message: &Message) -> Self {
        let topic = &message.topic;
        Self {
            id: message.id.0,
            template: topic.template.as_str().to_owned(),
            occasion: topic.occasion,
            subject_id: topic.subject_id,
            customer_id: topic.customer_id.map(|id| id.0),
            recipient: topic.recipient.as_ref().map(|email| email.as_str().to_owned()),
            recipient_key: topic.recipient.as_ref().map(EmailAddress::key),
            status: message.status.as_str().to_owned(),
            attempts: message.attempts,
            next_at: message.next_at.map(micros),
            lease_holder: message.lease.map(|lease| lease.holder),
            lease_until: message.lease.map(|lease| micros(lease.until)),
            reply: message.reply.as_ref().map(|reply| reply.as_str().to_owned()),
            created_at: micros(message.created_at),
            done_at: message.done_at.map(micros),
        }
    }
}

impl TryFrom<Model> for Message {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let lease = match row.lease_holder.zip(row.lease_until) {
            Some((holder, until)) => Some(Lease { holder, until: time(until)? }),
            None => None,
        };
        let topic = Topic {
            template: stored("template of a mail", MailTemplate::parse(&row.template))?,
            occasion: row.occasion,
            subject_id: row.subject_id,
            customer_id: row.customer_id.map(CustomerId),
            recipient: row.recipient.map(EmailAddress::from_trusted),
        };
        Ok(Self {
            id: MessageId(row.id),
            topic,
            status: stored("status of a mail", MessageStatus::parse(&row.status))?,
            attempts: row.attempts,
            next_at: row.next_at.map(time).transpose()?,
            lease,
            reply: row.reply.map(Reply::from_trusted),
            created_at: time(row.created_at)?,
            done_at: row.done_at.map(time).transpose()?,
        })
    }
}
